from cleaners.gbm.sums import Floats, Ints

def sums(
    rows: Floats, feature: Ints, border: Floats, tree_questions: Ints, leaves: Ints
) -> Ints: ...
