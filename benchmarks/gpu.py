"""`python -m benchmarks gpu`: every network at the speed of the device.

python -m benchmarks gpu              on a GPU all of it, in 25 minutes;
                                      on a CPU at toy size, in four
python -m benchmarks gpu --minutes 9  where a command may last 10 minutes:
                                      again until nothing is left

Each figure is kept as soon as it is made, a line of JSON, and a later run
goes on where one stopped; the report beside them says what is left.
"""

import argparse
import gc
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks import gpu_measures, gpu_report
from benchmarks.gpu_targets import Task
from torchref import devices

# What matters most first: the time may be up before the end.
NETWORKS = (
    "softmax_regression",
    "mlp",
    "dropout_mlp",
    "lenet",
    "lenet_bn",
    "alexnet",
    "resnet18",
    "vgg11_quarter",
    "googlenet",
    "nin",
    "vgg11",
    "light",
    "lenet_relu",
    "densenet",
)
PARTS = ("speed", "eager", "training", "alone", "repeated")
LATER = ("alone", "repeated", "variants")  # once all networks are trained
MORE_PARTS = ("variants",)  # which options to make the default
REPEATED = ("mlp", "lenet", "alexnet", "resnet18")  # two runs of the same seed
MORE_SEEDS = ("nin", "googlenet")  # of which a share is known to fail
WHOLE = dict(networks="", parts=",".join(PARTS), seeds=3)
UNKNOWN = 60.0  # seconds that a task is given which nobody has timed
RESULTS = Path(__file__).parent / "results"
TOYS = Path(__file__).parents[1] / "reports"  # which nobody keeps


def arguments(given: list[str] | None) -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(
        "benchmarks gpu",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--device", default="auto", help="cuda, cuda:1 or cpu")
    toy = "toy size: what a CPU does unless --no-quick is said"
    add("--quick", action=argparse.BooleanOptionalAction, help=toy)
    add("--networks", default="", help="of the list, separated by commas")
    add("--parts", default=",".join(PARTS), help="which measurements")
    add("--seeds", type=int, default=3, help="twice as many for NiN, GoogLeNet")
    time_ = "what would take longer is not begun; run it again to go on"
    add("--minutes", type=float, default=25.0, help=time_)
    where = "the folder of results: benchmarks/results, a toy's: reports"
    add("--output", type=Path, help=where)
    add("--fresh", action="store_true", help="forget what was measured")
    add("--work", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args(given)
    try:
        device = devices.pick(asked.device)
    except (RuntimeError, ValueError) as error:
        parser.error(str(error))
    if asked.quick is None:
        asked.quick = device.type == "cpu"
    asked.output = asked.output or (TOYS if asked.quick else RESULTS)
    return asked


def tasks(asked: argparse.Namespace) -> list[Task]:
    """All that is to be measured: network by network, so that each is
    compiled once, and then what can best be left out."""
    parts = asked.parts.split(",")
    wrong = set(parts) - {*PARTS, *MORE_PARTS}
    names = asked.networks.split(",") if asked.networks else NETWORKS
    wrong |= set(names) - set(NETWORKS)
    if wrong:
        raise SystemExit(
            f"unknown: {', '.join(sorted(wrong))}; parts are "
            f"{', '.join(PARTS + MORE_PARTS)}, networks {', '.join(NETWORKS)}"
        )
    todo: list[Task] = [("ceilings", "", 0)]
    for late in (False, True):
        for name in names:
            for part in parts:
                skipped = part == "repeated" and name not in REPEATED
                if (part in LATER) == late and not skipped:
                    count = seeds_of(part, name, asked.seeds)
                    todo += [(part, name, seed) for seed in range(count)]
    return todo


def seeds_of(part: str, name: str, seeds: int) -> int:
    """How often this is done; only trainings differ by their seed."""
    if part != "training":
        return 1
    return seeds * (2 if name in MORE_SEEDS else 1)


def log_of(asked: argparse.Namespace) -> Path:
    """The file of this device's lines."""
    device = devices.pick(asked.device)
    chip = (
        devices.describe(device)["device"] if device.index is not None else ""
    )
    name = re.sub(r"\W+", "-", chip or "cpu").strip("-").lower()
    return asked.output / f"on-{name}{'-quick' if asked.quick else ''}.jsonl"


def written(log: Path) -> list[dict[str, Any]]:
    """The lines of that file, which may not be there yet."""
    if not log.is_file():
        return []
    return [json.loads(x) for x in log.read_text(encoding="utf-8").splitlines()]


def lines_of(log: Path) -> dict[Task, Any]:
    """What is measured so far."""
    return {
        (x["part"], x["network"], x["seed"]): x["result"] for x in written(log)
    }


def commits(log: Path) -> list[str]:
    """Of the code that measured so far, each once."""
    found = (x.get("commit", "") for x in written(log))
    return [commit for commit in dict.fromkeys(found) if commit]


def expected(log: Path, task: Task, quick: bool) -> float:
    """Seconds that the same took with another seed; of a first training,
    those that the measured speed foretells."""
    if quick:
        return 0.0
    part, name, _ = task
    same = [x for x in written(log) if (x["part"], x["network"]) == task[:2]]
    if same:
        return max(x.get("seconds", 0.0) for x in same)
    fast = lines_of(log).get(("speed", name, 0), {})
    if part != "training" or "ready" not in fast:
        return UNKNOWN
    steps = gpu_measures.examples_of(name) / fast["examples_per_second"]
    return fast["ready"] + 1.2 * steps


def write(log: Path, task: Task, result: Any, seconds: float = 0.0) -> None:
    """One more line."""
    part, network, seed = task
    line = dict(part=part, network=network, seed=seed, result=result)
    line.update(seconds=round(seconds, 1), commit=devices.commit())
    with log.open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def measure(task: Task, asked: argparse.Namespace, rates: dict) -> Any:
    """One task's result."""
    part, name, seed = task
    device = devices.pick(asked.device)
    if part == "ceilings":
        return gpu_measures.ceilings(device)
    if part == "speed":
        return gpu_measures.speed(name, device, asked.quick, rates)
    if part == "training":
        return gpu_measures.training(name, device, asked.quick, seed)
    work = getattr(gpu_measures, part)
    return work(name, device, asked.quick)


def work(asked: argparse.Namespace, log: Path, end: float) -> int:
    """Do the tasks that are left and will be done by `end`; 3: the device is
    in no state to go on."""
    compiled = ""
    for task in tasks(asked):
        done = lines_of(log)
        if task in done or time.time() + expected(log, task, asked.quick) > end:
            continue
        if task[1] != compiled:  # what is compiled for others is in the way
            torch._dynamo.reset()
            compiled = task[1]
        asked.work.write_text(json.dumps(task), encoding="utf-8")
        begun = time.perf_counter()
        try:
            rates = done.get(("ceilings", "", 0), {}).get("rates", {})
            result = measure(task, asked, rates)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            write(log, task, dict(error=text[:1000]))
            print(*task, text, sep="  ", flush=True)
            if "CUDA error" in text:
                return 3
            continue
        finally:
            gc.collect()
            if torch.cuda.is_initialized():
                torch.cuda.empty_cache()
        spent = time.perf_counter() - begun
        write(log, task, result, spent)
        print(f"{gpu_report.brief(task, result)}  ({spent:.1f} s)", flush=True)
    return 0


def main(given: list[str] | None = None) -> int:
    """Measure in a process of its own, so that one that dies is replaced and
    its task told as failed; then write the report."""
    asked = arguments(given)
    asked.output.mkdir(parents=True, exist_ok=True)
    log = log_of(asked)
    end = time.time() + 60 * asked.minutes
    if asked.work:
        return work(asked, log, end)
    if asked.fresh:
        log.unlink(missing_ok=True)
    if not set(tasks(asked)) - set(lines_of(log)):
        print(f"all of it is in {log}; --fresh measures again")
    current = log.with_suffix(".now")
    state = os.environ | {"CUBLAS_WORKSPACE_CONFIG": ":4096:8"}
    while set(tasks(asked)) - set(lines_of(log)):
        before = len(lines_of(log))
        left = (end - time.time()) / 60
        if left <= 0:
            print(f"time is up; run it again to go on with {log}")
            break
        given = sys.argv[1:] if given is None else given
        command = [sys.executable, "-m", "benchmarks.gpu", *given]
        command = [part for part in command if part != "--fresh"]
        command += ["--work", str(current), "--minutes", f"{left:.2f}"]
        current.unlink(missing_ok=True)
        code = subprocess.run(command, check=False, env=state).returncode
        if code not in (0, 3) and current.is_file():
            task = tuple(json.loads(current.read_text(encoding="utf-8")))
            if task not in lines_of(log):
                write(log, task, dict(error=f"its process ended with {code}"))
        if len(lines_of(log)) == before:
            print(f"what is left takes longer than {left:.1f} minutes")
            break
    current.unlink(missing_ok=True)
    whole = argparse.Namespace(**{**vars(asked), **WHOLE})
    gpu_report.report(lines_of(log), log, tasks(whole), commits(log))
    return 0


if __name__ == "__main__":
    sys.exit(main())
