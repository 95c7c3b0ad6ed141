"""Results as text, JSON, JUnit, SARIF and GitHub's annotations, and progress as bars; only this package knows rich."""
