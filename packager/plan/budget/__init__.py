"""Which quality every picture gets: pure, asks and is told."""

from packager.plan.budget.forecast import COARSEST, LEVELS, Forecast, first_wishes
from packager.plan.budget.search import Search
from packager.plan.budget.spares import Choice

__all__ = ["COARSEST", "LEVELS", "Choice", "Forecast", "Search", "first_wishes"]
