from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaners.model import Removal

Text = tuple[npt.NDArray[np.int64], memoryview]

def gather(
    cells: Sequence[tuple[Removal, ...]],
) -> tuple[
    npt.NDArray[np.int32],
    tuple[Text, Text, Text],
    npt.NDArray[np.int32],
    npt.NDArray[np.float32],
    npt.NDArray[np.bool_],
]: ...
