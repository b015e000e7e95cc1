"""Draw the icons that are no SVG, from those that are: run once after a drawing has changed.

Telephones put PNGs on their start screens, and the picture of a shared link is one, too.
"""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

STATIC = Path(__file__).parent.parent / "app" / "static"
ICONS = STATIC / "icons"
SHARE = """
    <body style="margin:0;width:1200px;height:630px;display:grid;place-items:center;background:#fbf7f0">
    <div style="display:grid;justify-items:center;gap:28px;color:#2b2622;
                font-family:'Hiragino Mincho ProN','Noto Serif CJK JP',serif">
    <div style="width:168px">%s</div>
    <div style="font-size:84px;font-weight:600;letter-spacing:.06em">サシトーク</div>
    <div style="font-size:38px;color:#665c53">お話し相手・愚痴聞き代行のビデオ通話</div></div>
"""


def main() -> None:
    with sync_playwright() as player:
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = player.chromium.launch(executable_path=program)
        favicon = (STATIC / "favicon.svg").read_text()
        full = (STATIC / "icon-maskable.svg").read_text()
        _draw(browser, full, "apple-touch-icon", side=180)
        _draw(browser, favicon, "icon-192", side=192)
        _draw(browser, favicon, "icon-512", side=512)
        _draw(browser, full, "icon-maskable-512", side=512)
        page = browser.new_page(viewport={"width": 1200, "height": 630})
        page.set_content(SHARE % favicon)
        page.screenshot(path=ICONS / "share.png")


def _draw(browser: Browser, svg: str, name: str, *, side: int) -> None:
    page = browser.new_page(viewport={"width": side, "height": side})
    page.set_content(f'<body style="margin:0">{svg.replace("<svg ", "<svg width=100% ", 1)}')
    page.screenshot(path=ICONS / f"{name}.png", omit_background=True)
    page.close()


if __name__ == "__main__":
    main()
