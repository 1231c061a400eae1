"""In which language the API answers: Portuguese, or English for who asks for it (Accept-Language).

Django chooses the language and says its own sentences and the serializers' in it; ours are in english.py.
Pages are in Portuguese, whatever the browser prefers.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from central_hub.english import english


class ApiLanguageMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith("/api/"):
            return self._get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            response = self._get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Accept-Language",))
        return response


def in_language(sentence: str) -> str:
    """A sentence of ours in the language of the request."""
    return english(sentence) if translation.get_language() == "en" else sentence
