"""The web app's page for every path that is not the API's: its router reads the path in the browser."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

NOT_BUILT = """<!doctype html><html lang="pt-BR"><meta charset="utf-8"><title>GT-Vision</title>
<h1>GT-Vision</h1><p>O aplicativo web ainda não foi construído nesta instalação.</p>
<p>Rode <code>npm ci &amp;&amp; npm run build</code> na pasta <code>web/</code> e reinicie a central.</p>"""


@require_safe
def web_app(request: HttpRequest, path: str = "") -> HttpResponse:
    index = settings.SPA_DIR / "index.html"
    if path.startswith("assets/"):
        return HttpResponse("Não encontrado.", status=404, content_type="text/plain; charset=utf-8")
    if not index.is_file():
        return HttpResponse(NOT_BUILT, status=503)
    response = HttpResponse(index.read_bytes(), content_type="text/html; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response
