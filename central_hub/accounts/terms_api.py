"""Terms of use and privacy policy over REST: anybody reads them, people accept them, admins publish them."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from central_hub.accounts import services, terms
from central_hub.accounts.idempotency import once
from central_hub.accounts.models import Acceptance, LegalDocument
from central_hub.accounts.own_api import OwnAccountView
from central_hub.api import caller_of, decode_cursor, encode_cursor, validated, validated_query

MAX_TEXT = 100_000


class LegalDocumentSerializer(serializers.ModelSerializer[LegalDocument]):
    current = serializers.SerializerMethodField(help_text="The version in force")

    class Meta:
        model = LegalDocument
        fields: tuple[str, ...] = ("id", "kind", "version", "sha256", "published_at", "current")

    def get_current(self, document: LegalDocument) -> bool:
        return document.pk in self.context["current"]


class LegalDocumentTextSerializer(LegalDocumentSerializer):
    class Meta(LegalDocumentSerializer.Meta):
        fields = (*LegalDocumentSerializer.Meta.fields, "text")


class NewLegalDocumentSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=LegalDocument.Kind.choices)
    text = serializers.CharField(min_length=20, max_length=MAX_TEXT, help_text="Markdown; never edited later")


class LegalDocumentTemplateSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=LegalDocument.Kind.choices)
    text = serializers.CharField()


class AcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    document = serializers.SerializerMethodField()

    class Meta:
        model = Acceptance
        fields = ("document", "accepted_at", "address")

    def get_document(self, acceptance: Acceptance) -> int:
        return acceptance.document_id


class OwnAcceptancesSerializer(serializers.Serializer[Any]):
    pending = serializers.ListField(child=serializers.IntegerField(), help_text="Ids of documents")
    accepted = AcceptanceSerializer(many=True)


class NewAcceptanceSerializer(serializers.Serializer[Any]):
    document = serializers.IntegerField()
    sha256 = serializers.RegexField("^[0-9a-f]{64}$", help_text="Of the text that was read")


class DocumentAcceptanceSerializer(serializers.ModelSerializer[Acceptance]):
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.name")
    city = serializers.SerializerMethodField(help_text="Name; null for the central's people")

    class Meta:
        model = Acceptance
        fields = ("id", "username", "name", "city", "accepted_at", "address")

    def get_city(self, acceptance: Acceptance) -> str | None:
        city = acceptance.user.city
        return city.name if city else None


class DocumentAcceptancePageSerializer(serializers.Serializer[Any]):
    results = DocumentAcceptanceSerializer(many=True)
    next = serializers.CharField(allow_null=True, help_text="Cursor of the next page")


class DocumentAcceptanceQuerySerializer(serializers.Serializer[Any]):
    cursor = serializers.CharField(required=False, max_length=100)
    limit = serializers.IntegerField(min_value=1, max_value=200, default=50)


def _shown(serializer: type[LegalDocumentSerializer], documents: Any, **options: Any) -> Any:
    return serializer(documents, context={"current": terms.current_ids()}, **options).data


class LegalDocumentsView(APIView):
    def get_permissions(self) -> Any:
        return [AllowAny()] if self.request.method == "GET" else super().get_permissions()

    @extend_schema(
        operation_id="listLegalDocuments",
        description="Every version, the present one of each kind first. Anybody may read them.",
        responses=LegalDocumentSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        return Response(_shown(LegalDocumentSerializer, terms.versions().defer("text"), many=True))

    @extend_schema(
        operation_id="publishLegalDocument",
        description="The next version: everybody is asked to accept it at the next login.",
        request=NewLegalDocumentSerializer,
        responses={201: LegalDocumentTextSerializer},
    )
    @once
    def post(self, request: Request) -> Response:
        new = validated(NewLegalDocumentSerializer, request)
        published = terms.publish(caller_of(request), new["kind"], new["text"])
        return Response(_shown(LegalDocumentTextSerializer, published), 201)


class LegalDocumentTemplatesView(APIView):
    @extend_schema(
        operation_id="listLegalDocumentTemplates",
        description="A text of each kind to start from.",
        responses=LegalDocumentTemplateSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        found = terms.templates(caller_of(request))
        texts = [{"kind": kind, "text": text} for kind, text in found.items()]
        return Response(LegalDocumentTemplateSerializer(texts, many=True).data)


class LegalDocumentView(APIView):
    permission_classes = (AllowAny,)

    @extend_schema(operation_id="getLegalDocument", responses=LegalDocumentTextSerializer)
    def get(self, request: Request, document_id: int) -> Response:
        return Response(_shown(LegalDocumentTextSerializer, terms.document(document_id)))


class DocumentAcceptancesView(APIView):
    @extend_schema(
        operation_id="listLegalDocumentAcceptances",
        description="Who agreed to this version, when, and from where; newest first.",
        parameters=[DocumentAcceptanceQuerySerializer],
        responses=DocumentAcceptancePageSerializer,
    )
    def get(self, request: Request, document_id: int) -> Response:
        query = validated_query(DocumentAcceptanceQuerySerializer, request)
        before = decode_cursor(query["cursor"], int) if "cursor" in query else None
        found = terms.accepted_by(caller_of(request), document_id, before, query["limit"] + 1)
        results, more = found[: query["limit"]], len(found) > query["limit"]
        following = encode_cursor(results[-1].pk) if more else None
        return Response(DocumentAcceptancePageSerializer({"results": results, "next": following}).data)


class OwnAcceptancesView(OwnAccountView):
    @extend_schema(operation_id="listOwnAcceptances", responses=OwnAcceptancesSerializer)
    def get(self, request: Request) -> Response:
        me = self.me(request)
        shown = {
            "pending": [document.pk for document in terms.pending_of(me)],
            "accepted": terms.acceptances_of(me),
        }
        return Response(OwnAcceptancesSerializer(shown).data)

    @extend_schema(
        operation_id="acceptLegalDocument",
        request=NewAcceptanceSerializer,
        responses=AcceptanceSerializer,
    )
    def post(self, request: Request) -> Response:
        given = validated(NewAcceptanceSerializer, request)
        peer = services.peer_of(request._request)
        accepted = terms.accept(self.me(request), given["document"], given["sha256"], peer)
        return Response(AcceptanceSerializer(accepted).data)
