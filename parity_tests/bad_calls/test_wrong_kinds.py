"""None, a list, an array of NumPy's or a number, wherever a promised function
takes a tensor: what torch refuses is refused in torch's class."""

import numpy as np
import pytest
import torch

import scratch
from parity_tests.bad_calls import wrong_kinds

PARTS = 4
# where we answer otherwise: these of torch's are written in Python and stop
# wherever they first use what is no tensor
ALLOWED = {
    "Tensor.repeat_interleave 1 None": "TypeError",  # here as if left out
    "Tensor.set_ 1 None": "TypeError",  # the same
    "masked.cumprod 0 array": "IndexError",
    "masked.logaddexp 1": "AttributeError",
    "masked.median 0 array": "TypeError",
    "masked.softmax 0 array": "IndexError",
    "repeat_interleave 1 None": "TypeError",  # as above
    "stft 0": "TypeError",
}


def is_allowed(call: str) -> bool:
    """nn's functions, too, meet an array's own size and shape."""
    name, key, wrong = call.split()
    return (
        call in ALLOWED
        or f"{name} {key}" in ALLOWED
        or (name.startswith("nn.") and wrong == "array")
    )


def differences(name: str) -> list[str]:
    """What each spoilt call of a function is answered wrongly."""
    call = wrong_kinds.good_call(scratch, name)
    theirs = wrong_kinds.good_call(torch, name)
    if call is None or theirs is None:
        return []
    found = []
    keys = [*range(len(call[0])), *call[1]]
    if name.startswith("Tensor."):
        keys.remove(0)
    for key in keys:
        value = call[0][key] if isinstance(key, int) else call[1][key]
        if not wrong_kinds.holds_tensor(scratch, value):
            continue
        for wrong in wrong_kinds.WRONG:
            ours, want = (
                wrong_kinds.answer(
                    lib, name, *wrong_kinds.spoilt(lib, good, key, wrong)
                )
                for lib, good in ((scratch, call), (torch, theirs))
            )
            kin = ours == "NotImplementedError" and want == "RuntimeError"
            line = f"{name} {key} {wrong}"
            if ours != want and not kin and not is_allowed(line):
                found.append(f"{line}: {ours}; torch: {want}")
    return found


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.filterwarnings("ignore")
def test_what_is_no_tensor_is_refused(part: int) -> None:
    with np.errstate(all="ignore"):
        found = [
            line
            for name in wrong_kinds.names()[part::PARTS]
            for line in differences(name)
        ]
    assert not found, "\n".join(found)


def test_most_rows_show_a_call() -> None:
    names = wrong_kinds.names()
    seen = [n for n in names[::10] if wrong_kinds.good_call(scratch, n)]
    assert len(seen) > 0.8 * len(names[::10])
