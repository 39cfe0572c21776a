"""Pickles that attack whoever runs them, as programs for the stack machine."""

import struct
from collections.abc import Iterator

TENSOR = b"ctorch._utils\n_rebuild_tensor_v2\n"
NO_HOOKS = b"ccollections\nOrderedDict\n)R"
ORDERED = b"ccollections\nOrderedDict\n)R"


def text(s: str) -> bytes:
    data = s.encode()
    return b"X" + struct.pack("<I", len(data)) + data


def integer(n: int) -> bytes:
    data = n.to_bytes(n.bit_length() // 8 + 1, "little", signed=True)
    return b"\x8a" + bytes([len(data)]) + data


def numbers(*values: int) -> bytes:
    return b"(" + b"".join(map(integer, values)) + b"t"


def storage(key: str = "0", size: int = 4, kind: str = "FloatStorage") -> bytes:
    return (
        b"(" + text("storage") + f"ctorch\n{kind}\n".encode() + text(key)
        + text("cpu") + integer(size) + b"tQ"
    )  # fmt: skip


def tensor(
    size: bytes = numbers(4),
    stride: bytes = numbers(1),
    offset: bytes = b"K\0",
    memory: bytes = storage(),
    more: bytes = b"\x89" + NO_HOOKS,
) -> bytes:
    """The program of one tensor, over a storage of four numbers."""
    return TENSOR + b"(" + memory + offset + size + stride + more + b"tR"


def call(module: str, name: str, *args: str) -> bytes:
    """The program of a call with text arguments."""
    arguments = b"(" + b"".join(map(text, args)) + b"t"
    return f"c{module}\n{name}\n".encode() + arguments + b"R"


def programs(canary: str) -> Iterator[tuple[str, bytes]]:
    """Pickles, without their first and last instruction."""
    yield from calls(canary)
    yield from instructions(canary)
    yield from states()
    yield from tensors()
    yield from sizes()


def calls(canary: str) -> Iterator[tuple[str, bytes]]:
    """Names of functions that do harm."""
    shell = f"touch {canary}"
    code = f"open({canary!r}, 'w')"
    yield "os.system", call("os", "system", shell)
    yield "posix.system", call("posix", "system", shell)
    yield "exec", call("builtins", "exec", code)
    yield "eval of Python 2", call("__builtin__", "eval", code)
    yield "open", call("builtins", "open", canary, "w")
    yield "io.open", call("io", "open", canary, "w")
    yield "an import", call("builtins", "__import__", "antigravity")
    yield "importlib", call("importlib", "import_module", "this")
    yield "subprocess", call("subprocess", "getoutput", shell)
    yield "a function of a function", call("builtins", "getattr", "os", "x")
    yield "operator.attrgetter", call("operator", "attrgetter", "system")
    yield (
        "functools.partial",
        (b"cfunctools\npartial\n(cos\nsystem\n" + text(shell) + b"tR)R"),
    )
    yield (
        "a map over a function",
        (b"cbuiltins\nmap\n(cos\nsystem\n](" + text(shell) + b"etR"),
    )
    yield "torch.load", call("torch.serialization", "load", canary)
    yield "torch.hub", call("torch.hub", "load", canary)
    yield "torch.storage", call("torch.storage", "_load_from_bytes", canary)
    yield "numpy.load", call("numpy", "load", canary)
    yield "runpy", call("runpy", "_run_code", code, "{}")
    yield "a nested name", call("torch", "serialization.os.system", shell)
    yield "a name in a module", call("torch.nn", "Module", "x")
    yield "a codec", call("_codecs", "encode", "x", "rot13")
    yield "a decoder", call("_codecs", "decode", "x", "zlib")
    yield "copyreg", call("copy_reg", "_reconstructor", "x")
    yield "a lookup in ours", call("scratch.tensor", "wrap", "x")


def instructions(canary: str) -> Iterator[tuple[str, bytes]]:
    """Instructions of the pickle machine that weights need not."""
    shell = text(f"touch {canary}")
    yield "INST", b"(" + shell + b"ios\nsystem\n"
    yield "OBJ", b"(cos\nsystem\n" + shell + b"o"
    yield "OBJ of an allowed name", b"(ctorch\nSize\n)o"
    yield "NEWOBJ", b"ctorch.nn.parameter\nParameter\n)\x81"
    yield "NEWOBJ_EX", b"ctorch.nn.parameter\nParameter\n)}\x92"
    yield (
        "STACK_GLOBAL",
        text("os") + text("system") + b"\x93" + shell + b"\x85R",
    )
    yield "EXT1", b"\x82\1"
    yield "EXT2", b"\x83\1\0"
    yield "EXT4", b"\x84\1\0\0\0"
    yield "PERSID as text", b"Pos.system\n"
    yield "a buffer from outside", b"\x97"
    yield "eval of STRING", b"S'a'\n"
    yield "FRAME of 2^62 bytes", b"\x95" + struct.pack("<Q", 1 << 62) + b"N"
    yield "text of 4 GiB", b"X\xff\xff\xff\xff"
    yield "text of 2^63 bytes", b"\x8d" + b"\xff" * 7 + b"\x7f"
    yield "bytes of 4 GiB", b"B\xff\xff\xff\xff"
    yield "an int of 2 GiB", b"\x8b\xff\xff\xff\x7f"
    yield "an empty stack", b"R"
    yield "a tuple of nothing", b"\x87"
    yield "a mark that is missing", b"t"
    yield "a mark too many", b"N("
    yield "two values", b"NN"
    yield "no value", b""
    yield "a memo that is empty", b"h\7"
    yield "a program after the end", b"N." + call("os", "system", "x")


def states() -> Iterator[tuple[str, bytes]]:
    """Calls and states that turn an allowed object into another."""
    yield "a call of a dtype", b"ctorch\nfloat32\n)R"
    yield "a call of text", text("os.system") + b")R"
    yield "a call with a list", b"ctorch\nSize\n]R"
    yield "a function as the result", b"c_codecs\nencode\n"
    yield "a function in a list", b"](c_codecs\nencode\ne"
    yield "a storage as the result", storage()
    yield (
        "a class in place of an item",
        ORDERED + (b"}" + text("__class__") + b"ctorch\nTensor\nsb"),
    )
    yield "a method of a dict", ORDERED + b"}" + text("items") + b"Nsb"
    yield "a hidden attribute", ORDERED + b"}" + text("_x") + b"Nsb"
    yield "a state that is text", ORDERED + text("x") + b"b"
    yield "a state of a list", b"]}" + text("x") + b"Nsb"
    yield "a state of a tensor", tensor() + b"}" + text("array") + b"Nsb"
    yield "a state of a function", b"c_codecs\nencode\n}b"
    yield "append to a dict", b"}Na"
    yield "append to a set", b"c__builtin__\nset\n](K\1e\x85RNa"
    yield "an item of a list", b"](NeK\0Ns"
    yield "an item of a tensor", tensor() + b"K\0K\1s"
    yield "a list as a key", b"}]Ns"
    yield "odd items", b"}(NNNu"
    yield "a set of lists", b"c__builtin__\nset\n](]e\x85R"
    yield "a set of text", b"c__builtin__\nset\n" + text("ab") + b"\x85R"
    yield "bytes of a number", b"c__builtin__\nbytearray\nK\x7f\x85R"
    yield (
        "a type over a tensor",
        from_type(
            b"ctorch._utils\n_rebuild_tensor_v2\n", b"cos\nsystem\n", b"}"
        ),
    )
    yield (
        "a function over a tensor",
        from_type(b"c_codecs\nencode\n", b"ctorch\nTensor\n", b"}"),
    )
    yield "an attribute over a method", from_type(
        b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nTensor\n",
        b"}" + text("backward") + b"Ns",
    )  # fmt: skip
    yield "an attribute over the numbers", from_type(
        b"ctorch._utils\n_rebuild_tensor_v2\n", b"ctorch\nTensor\n",
        b"}" + text("array") + b"Ns",
    )  # fmt: skip
    yield "an object array", (
        b"cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\nK\0\x85"
        + text("b") + b"tR(K\1K\1\x85cnumpy\ndtype\n(" + text("O8")
        + b"\x89\x88tR\x89](Netb"
    )  # fmt: skip
    yield "a number of NumPy", (
        b"cnumpy._core.multiarray\nscalar\n(cnumpy\ndtype\n("
        + text("O8") + b"\x89\x88tRNtR"
    )  # fmt: skip


def from_type(function: bytes, kind: bytes, state: bytes) -> bytes:
    args = b"(" + storage() + b"K\0" + numbers(4) + numbers(1) + b"\x89"
    args += NO_HOOKS + b"t"
    name = b"ctorch._tensor\n_rebuild_from_type_v2\n"
    return name + b"(" + function + kind + args + state + b"tR"


def tensors() -> Iterator[tuple[str, bytes]]:
    """Tensors that reach where they should not."""
    big = 1 << 62
    yield "a shape that overflows", tensor(numbers(big, 4), numbers(4, 1))
    yield (
        "a shape of 2^64 elements",
        tensor(numbers(1 << 32, 1 << 32), numbers(0, 0)),
    )
    yield "a shape of 0 and 2^70", tensor(numbers(0, 1 << 70), numbers(1, 1))
    yield "one element too many", tensor(numbers(5))
    yield "a stride too wide", tensor(numbers(2), numbers(4))
    yield "a stride that overflows", tensor(numbers(3), numbers(big))
    yield "an offset behind the end", tensor(offset=b"K\1")
    yield "an offset before the start", tensor(numbers(1), offset=integer(-1))
    yield "a negative stride", tensor(numbers(2), numbers(-1), b"K\1")
    yield "a negative size", tensor(numbers(-1))
    yield (
        "a size that is a float",
        tensor(b"G" + struct.pack(">d", 4) + b"\x85"),
    )
    yield "a size that is text", tensor(text("4") + b"\x85")
    yield "a size that is True", tensor(b"\x88\x85")
    yield "fewer strides than sizes", tensor(numbers(2, 2))
    yield (
        "a thousand dimensions",
        tensor(numbers(*[1] * 1000), numbers(*[1] * 1000)),
    )
    yield "a hook", tensor(more=b"\x89" + NO_HOOKS + b"K\1K\1s")
    yield (
        "unknown metadata",
        tensor(more=b"\x89" + NO_HOOKS + b"}" + text("x") + b"\x88s"),
    )
    yield "a storage that is text", tensor(memory=text("x"))
    yield "a storage of another size", tensor(memory=storage(size=3))
    yield (
        "a storage of 2^61",
        tensor(numbers(1 << 61), memory=storage(size=1 << 61)),
    )
    yield "a storage that is not there", tensor(memory=storage("7"))
    yield "a storage elsewhere", tensor(memory=storage("../data.pkl"))
    yield "a storage by its full path", tensor(memory=storage("/etc/passwd"))
    yield "a storage of objects", tensor(memory=storage(kind="ObjectStorage"))
    yield "a storage of a dtype", tensor(memory=storage(kind="float32"))
    yield (
        "a storage of another type",
        b"(" + storage() + (tensor(memory=storage(kind="IntStorage")) + b"t"),
    )
    yield (
        "a module in place of a storage",
        b"("
        + text("module")
        + (b"cos\nsystem\n" + text("x") + text("y") + b"tQ"),
    )
    yield (
        "a gradient of integers",
        tensor(memory=storage(kind="IntStorage"), more=b"\x88" + NO_HOOKS),
    )
    yield (
        "bools of 2",
        tensor(numbers(16), memory=storage(size=16, kind="BoolStorage")),
    )
    yield "bfloat16", tensor(memory=storage(size=8, kind="BFloat16Storage"))


def sizes() -> Iterator[tuple[str, bytes]]:
    """Small files that would take much memory or time."""
    yield "100,000 lists in lists", b"]" * 100_000 + b"a" * 99_999
    yield "100,000 tuples in tuples", b"N" + b"\x85" * 100_000
    yield "tuples in tuples by the memo", deep_by_memo(5000)
    doubling = b"N" + b"".join(b"q\0h\0\x86" for _ in range(60))
    yield "a key of 2^60 parts", b"}" + doubling + b"Ns"
    yield (
        "a set with a member of 2^60 parts",
        (b"c__builtin__\nset\n](" + doubling + b"e\x85R"),
    )
    yield "a call of 2^60 parts", doubling + b")R"
    yield (
        "a storage of a type of 2^60 parts",
        (
            b"("
            + text("storage")
            + doubling
            + text("0")
            + text("cpu")
            + b"K\4tQ"
        ),
    )
    yield "a storage of 2^60 parts", (
        b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0")
        + text("cpu") + doubling + b"tQ"
    )  # fmt: skip
    yield "a tensor of a type of 2^60 parts", from_type(TENSOR, doubling, b"}")
    yield (
        "metadata of 2^60 parts",
        tensor(more=b"\x89" + NO_HOOKS + b"}" + text("x") + doubling + b"s"),
    )
    yield (
        "an attribute of 2^60 parts",
        from_type(
            TENSOR, b"ctorch\nTensor\n", b"}" + text("array") + doubling + b"s"
        ),
    )
    yield "a size of 2^60 parts", b"ctorch\nSize\n" + doubling + b"\x85R"


def deep_by_memo(n: int) -> bytes:
    """[t1, t2, …] where each tuple holds the one before: none looks deep."""
    code = b"](N\x85r\0\0\0\0"
    for i in range(1, n):
        before, here = struct.pack("<I", i - 1), struct.pack("<I", i)
        code += b"j" + before + b"\x85r" + here
    return code + b"e"
