from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaners.model import Removal

_Bytes = npt.NDArray[np.uint8]
_Names = tuple[npt.NDArray[np.int32], _Bytes]

def gather(
    cells: Sequence[tuple[Removal, ...]], kind: type[Removal]
) -> tuple[
    npt.NDArray[np.int32],
    tuple[tuple[npt.NDArray[np.int64], _Bytes], _Names, _Names],
    npt.NDArray[np.int32],
    npt.NDArray[np.float32],
    npt.NDArray[np.bool_],
]: ...
