"""torch.utils.tensorboard: this library writes no files for TensorBoard.

Importing it says so, in the class that programs expect of a torch beside
which tensorboard is not installed.
"""

raise ModuleNotFoundError(
    "No module named 'tensorboard' that scratch could write to: print the "
    "numbers, or keep them with csv or json", name="tensorboard")
