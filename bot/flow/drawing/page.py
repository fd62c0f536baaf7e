"""A scene as a page of its own: the SVG picture, to be moved with the mouse and made larger with its wheel."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from bot.flow.drawing.svg import svg

if TYPE_CHECKING:
    from bot.flow.drawing.scene import Scene


def page(scene: Scene) -> str:
    """The page; it loads nothing, and without a script the picture can be scrolled."""
    return (
        f'<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n<title>{escape(scene.title)}</title>\n'
        f'{_STYLE}<div id="sheet">\n{svg(scene)}</div>\n{_SCRIPT}</html>\n'
    )


_STYLE: Final = """\
<style>
  html, body { margin: 0; height: 100% } body { overflow: auto } #sheet { width: max-content; margin: 0 auto }
  p.help { position: fixed; right: 1rem; top: .4rem; font: 13px system-ui, sans-serif; color: #5b667c; margin: 0 }
  body.grabbed { cursor: grabbing } svg { display: block }
</style>
<p class="help">Drag to move. Ctrl and the wheel, or + and −, change the size; 0 sets it back.</p>
"""

_SCRIPT: Final = """\
<script>
  const picture = document.querySelector('svg'), root = document.scrollingElement;
  const width = picture.width.baseVal.value, height = picture.height.baseVal.value;
  let scale = 1;
  document.getElementById('(start)').scrollIntoView({ block: 'nearest', inline: 'center' });
  function zoom(to, x, y) {
    const factor = Math.min(4, Math.max(0.1, to)) / scale;
    scale *= factor;
    picture.setAttribute('width', width * scale);
    picture.setAttribute('height', height * scale);
    root.scrollTo((root.scrollLeft + x) * factor - x, (root.scrollTop + y) * factor - y);
  }
  addEventListener('wheel', event => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(scale * Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });
  addEventListener('keydown', event => {
    const steps = { '+': scale * 1.25, '-': scale / 1.25, '0': 1 };
    if (event.key in steps && !event.ctrlKey) zoom(steps[event.key], innerWidth / 2, innerHeight / 2);
  });
  addEventListener('pointerdown', event => { if (event.button === 0) document.body.classList.add('grabbed') });
  addEventListener('pointerup', () => document.body.classList.remove('grabbed'));
  addEventListener('pointermove', event => {
    if (!document.body.classList.contains('grabbed')) return;
    root.scrollBy(-event.movementX, -event.movementY);
    getSelection().removeAllRanges();
  });
</script>
"""
