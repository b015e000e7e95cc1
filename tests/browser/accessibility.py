"""What axe finds wrong with a page."""

from axe_playwright_python.sync_playwright import Axe

# A sheet that is still rising is half transparent, and its contrast nobody's.
AT_REST = """() => Promise.allSettled(
    document.getAnimations()
        .filter((each) => Number.isFinite(each.effect.getComputedTiming().endTime))
        .map((each) => each.finished))"""


def complaints(page):
    """Rule, first place and summary of each violation, once everything that moves has arrived."""
    page.evaluate(AT_REST)
    found = Axe().run(page)
    return [
        (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
        for each in found.response["violations"]
    ]
