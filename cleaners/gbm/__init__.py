"""Gradient-boosted trees run by numpy alone, or compiled where they could be."""

from cleaners.gbm.forest import Forest as Forest
from cleaners.gbm.forest import in_steps as in_steps
from cleaners.gbm.forest import load as load
from cleaners.gbm.forest import mean as mean
from cleaners.gbm.forest import save as save
from cleaners.gbm.sums import Floats as Floats
