"""Write docs/personal-data.md from the register of personal data: python -m tools.personal_data"""

from pathlib import Path

from app.personal_data import register

PAGE = Path(__file__).parent.parent / "docs" / "personal-data.md"

if __name__ == "__main__":
    PAGE.write_text(register.as_markdown(), encoding="utf-8")
