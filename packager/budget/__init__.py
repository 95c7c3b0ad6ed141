"""Which quality every picture gets: pure, asks and is told."""

from packager.budget.forecast import COARSEST, LEVELS, Forecast, first_wishes
from packager.budget.search import Search
from packager.budget.spares import Choice

__all__ = ["COARSEST", "LEVELS", "Choice", "Forecast", "Search", "first_wishes"]
