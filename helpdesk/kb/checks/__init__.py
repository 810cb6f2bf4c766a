"""What is looked at before anybody publishes: the editor and `helpdesk kb check` ask the same."""

from helpdesk.kb.checks.content import check_content
from helpdesk.kb.checks.findings import Finding, Problem, Surroundings

__all__ = ["Finding", "Problem", "Surroundings", "check_content"]
