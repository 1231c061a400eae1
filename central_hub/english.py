"""What the API says to people, in English: by the Portuguese sentence, `{}` where it says a value.

The sentences are written in Portuguese where they are decided, in modules that know no framework
(ADR 57). tests/integration/hub/test_english.py fails for one that is missing here.
"""

import re
from collections.abc import Mapping
from functools import cache

ENGLISH: Mapping[str, str] = {
    # Titles of problems.
    "Pedido inválido": "Invalid request",
    "Identificação necessária": "Authentication required",
    "Sem permissão": "Not permitted",
    "Não encontrado": "Not found",
    "Método não permitido": "Method not allowed",
    "Conflito": "Conflict",
    "Alterado por outra pessoa": "Changed by somebody else",
    "Pedido grande demais": "Request too large",
    "Formato não suportado": "Unsupported media type",
    "Chave já usada": "Key already used",
    "Muitas tentativas": "Too many attempts",
    "Erro interno": "Internal error",
    "Indisponível no momento": "Unavailable at the moment",
    # The API as a whole.
    "Não encontrado.": "Not found.",
    "Você não tem permissão para isto.": "You are not permitted to do this.",
    "O pedido é grande demais.": "The request is too large.",
    "O pedido não pôde ser entendido.": "The request could not be understood.",
    "O banco de dados não responde. Tente de novo em instantes.": (
        "The database does not answer. Try again in a moment."
    ),
    "Confira os campos indicados.": "Check the fields named.",
    "Muitas tentativas. Espere {} segundos.": "Too many attempts. Wait {} seconds.",
    "Entre de novo para continuar.": "Log in again to go on.",
    "Página inválida; refaça a busca.": "Invalid page; search again.",
    "Este endereço não existe na API.": "The API has no such address.",
    "Algo falhou na central. A equipe foi avisada.": (
        "Something failed at the hub. Its operators have been told."
    ),
    "Isto foi alterado enquanto você editava. Abra de novo, confira e repita.": (
        "This was changed while you were editing. Open it again, check, and repeat."
    ),
    "Idempotency-Key inválida: envie um UUID.": "Invalid Idempotency-Key: send a UUID.",
    "Esta Idempotency-Key já foi usada em outro pedido. Use uma nova para cada pedido.": (
        "This Idempotency-Key was used for another request. Use a new one for each request."
    ),
    # Roles.
    "Seu papel não permite assistir a vídeos.": "Your role may not watch video.",
    "Seu papel não permite consultar placas.": "Your role may not search plates.",
    "Somente o gestor da prefeitura ou um administrador pode fazer isto.": (
        "Only the prefeitura's gestor or an administrator may do this."
    ),
    "Somente administradores da central podem fazer isto.": "Only administrators of the hub may do this.",
    "Somente administradores e auditores podem ler a trilha de auditoria.": (
        "Only administrators and auditors may read the audit trail."
    ),
    # accounts
    "Cadastre o segundo fator para continuar: o seu papel exige.": (
        "Set up the second factor to go on: your role requires it."
    ),
    "Quem é da central não pertence a uma prefeitura.": "The hub's own people belong to no prefeitura.",
    "Informe a prefeitura do usuário.": "Name the user's prefeitura.",
    "A prefeitura já tem {} gestor, o máximo permitido.": (
        "The prefeitura has {} gestor already, the most allowed."
    ),
    "A prefeitura já tem {} visualizadores, o máximo permitido.": (
        "The prefeitura has {} visualizadores already, the most allowed."
    ),
    "Muitas tentativas sem sucesso. Espere {} segundos e tente de novo.": (
        "Too many failed attempts. Wait {} seconds and try again."
    ),
    "Muitas tentativas sem sucesso. Espere {} minutos e tente de novo.": (
        "Too many failed attempts. Wait {} minutes and try again."
    ),
    "Informe o código do aplicativo autenticador.": "Give the code of the authenticator app.",
    "Usuário ou senha incorretos.": "Wrong user name or password.",
    "Código incorreto ou vencido. Espere o próximo.": "Wrong or expired code. Wait for the next.",
    "O segundo fator já está ativo. Desative-o antes de cadastrar outro aparelho.": (
        "The second factor is active already. Remove it before setting up another device."
    ),
    "Não há cadastro em andamento. Comece de novo.": "No set-up is under way. Begin again.",
    "O seu papel exige o segundo fator. Para trocar de aparelho, peça a um administrador.": (
        "Your role requires the second factor. To change the device, ask an administrator."
    ),
    "O segundo fator não está ativo.": "The second factor is not active.",
    "Código incorreto ou vencido. Espere o próximo e tente de novo.": (
        "Wrong or expired code. Wait for the next and try again."
    ),
    "Senha incorreta.": "Wrong password.",
    "Somente o gestor da prefeitura ou um administrador pode ver os usuários.": (
        "Only the prefeitura's gestor or an administrator may see the users."
    ),
    "Este nome de usuário já existe.": "This user name exists already.",
    "Senha atual incorreta.": "Wrong present password.",
    "Usuário não encontrado.": "User not found.",
    "Somente administradores da central podem cuidar deste usuário.": (
        "Only administrators of the hub may look after this user."
    ),
    "Este link já foi usado, venceu ou foi substituído. Peça outro a quem cuida do seu acesso.": (
        "This link has been used, has expired or was replaced. Ask who looks after your access for another."
    ),
    "Entre a central e uma prefeitura o papel não muda: cadastre outra conta.": (
        "A role does not change between the hub and a prefeitura: add another account."
    ),
    "Ninguém muda o próprio papel.": "Nobody changes the own role.",
    "É o último administrador ativo: sem ele ninguém mais administra.": (
        "This is the last active administrator: nobody else could administer."
    ),
    "Sessão não encontrada; talvez já tenha terminado.": "Session not found; it may have ended already.",
    # cities
    "O arquivo passa de {} MB.": "The file is larger than {} MB.",
    "A primeira linha deve ter os nomes das colunas: {} ({} são obrigatórias). Baixe o modelo.": (
        "The first line must name the columns: {} ({} are required). Download the template."
    ),
    "O arquivo não é um CSV: {}": "The file is no CSV: {}",
    "Use até {} letras.": "Use at most {} characters.",
    "O arquivo passa de {} linhas.": "The file has more than {} lines.",
    "Use até {} letras minúsculas sem acento, números e hífens (nunca nas pontas).": (
        "Use at most {} unaccented lower-case letters, digits and hyphens (none at the ends)."
    ),
    "Informe um endereço rtsp:// ou rtsps:// completo.": "Give a whole rtsp:// or rtsps:// address.",
    "Este endereço não é de uma câmera: é da própria caixa, ou não leva a uma rede.": (
        "This is no camera's address: it is the box itself, or leads to no network."
    ),
    "A prefeitura já tem {} câmeras, o máximo permitido.": (
        "The prefeitura has {} cameras already, the most allowed."
    ),
    "Informe o nome da câmera.": "Give the camera's name.",
    "Fuso horário desconhecido.": "Unknown time zone.",
    "Só câmeras Dahua e Intelbras são consultadas pela caixa.": (
        "The box asks Dahua and Intelbras cameras only."
    ),
    "Informe o endereço da câmera para identificá-la por ele.": (
        "Give the camera's address to know it by that."
    ),
    "O mapeamento vale só para o formato genérico (generic).": "A mapping is for the generic format only.",
    "Use iso, epoch_s, epoch_ms ou um formato como %d/%m/%Y %H:%M:%S.": (
        "Use iso, epoch_s, epoch_ms or a format such as %d/%m/%Y %H:%M:%S."
    ),
    'O usuário não pode ter : " nem \\.': 'The user name may have no : " or \\.',
    "Informe também a senha deste usuário.": "Give this user's password too.",
    "Use de {} a {} letras sem acento, números e sinais.": (
        "Use {} to {} unaccented letters, digits and signs."
    ),
    "Outra câmera da prefeitura já usa este usuário.": "Another camera of the prefeitura has this user name.",
    "Para identificar a câmera só pelo endereço, informe endereços, não redes.": (
        "To know the camera by its address alone, give addresses, not networks."
    ),
    "«{}» não é um campo. Use: {}.": "«{}» is no field. Use: {}.",
    "«{}» não é um caminho (ex.: alpr.0.plate).": "«{}» is no path (e.g. alpr.0.plate).",
    "«{}»: o * vale uma vez, na lista em que está a placa (ex.: alpr.*.plate).": (
        "«{}»: use * once, for the list that the plate is in (e.g. alpr.*.plate)."
    ),
    "Informe o usuário desta senha.": "Give this password's user name.",
    "Outra câmera desta caixa já é identificada por este endereço.": (
        "Another camera of this box is known by this address."
    ),
    "«{}» não é um endereço IP nem uma rede (ex.: 10.1.2.0/24).": (
        "«{}» is neither an IP address nor a network (e.g. 10.1.2.0/24)."
    ),
    "Prefeitura não encontrada.": "Prefeitura not found.",
    "Plano não encontrado.": "Plan not found.",
    "Já existe uma prefeitura com este código.": "There is a prefeitura with this code already.",
    "Informe a prefeitura.": "Name the prefeitura.",
    "Já existe uma caixa com este código na prefeitura.": "The prefeitura has a box with this code already.",
    "Caixa não encontrada.": "Box not found.",
    "Câmera não encontrada.": "Camera not found.",
    "A identificação desta câmera já está em uso. Exclua e adicione de novo.": (
        "This camera's id is in use already. Remove it and add it again."
    ),
    "Este vídeo já está cadastrado nesta caixa como «{}».": "This box has this video already, as «{}».",
    "Caixa não encontrada nesta prefeitura.": "The prefeitura has no such box.",
    # fleet
    "Alarme não encontrado.": "Alarm not found.",
    "{} já assumiu este alarme.": "{} has taken this alarm already.",
    "Não existe a caixa {}/{}.": "There is no box {}/{}.",
    "Token inválido, vencido ou já usado. Peça outro na central.": (
        "The token is invalid, expired or used. Ask for another at the hub."
    ),
    "Esta caixa é {}, e o token é de {}. Peça na central um token de {}, "
    "ou comece com uma pasta de dados vazia.": (
        "This box is {}, and the token is of {}. Ask the hub for a token of {}, "
        "or begin with an empty data folder."
    ),
    "O pedido não é da chave com que a caixa foi registrada.": (
        "The request is not of the key that the box was enrolled with."
    ),
    "Esta caixa não tem certificado a revogar.": "This box has no certificate to revoke.",
    "Pedido de certificado inválido: {}": "Invalid certificate request: {}",
    "O certificado desta caixa foi revogado.": "This box's certificate has been revoked.",
    "Comando não encontrado.": "Command not found.",
    "Informe uma câmera desta caixa.": "Name a camera of this box.",
    "A versão {} já está registrada.": "Version {} is registered already.",
    "A pasta {} precisa ter um pacote gt_vision, e tem {}.": (
        "Folder {} must hold one gt_vision wheel, and has {}."
    ),
    "A versão {} não é de três números, ou é grande demais.": (
        "Version {} is not three numbers, or is too large."
    ),
    "Atualização não encontrada.": "Rollout not found.",
    "Não há esta versão.": "There is no such version.",
    "As porcentagens precisam crescer até 100.": "The shares must rise to 100.",
    "Não há a caixa {}.": "There is no box {}.",
    "Não há caixa a atualizar.": "There is no box to update.",
    "Já há uma atualização em andamento.": "A rollout is open already.",
    "A atualização não está num estado em que isto se possa fazer.": (
        "The rollout is not in a state in which this can be done."
    ),
    "A central não conseguiu falar com a caixa. Tente de novo em instantes.": (
        "The hub could not reach the box. Try again in a moment."
    ),
    # lpr
    "Leitura não encontrada.": "Read not found.",
    "Um PDF tem no máximo {} linhas. Gere o relatório em CSV.": (
        "A PDF has at most {} lines. Make the report as CSV."
    ),
    "A prefeitura já tem {} webhooks, o máximo permitido.": (
        "The prefeitura has {} webhooks already, the most allowed."
    ),
    "Webhook não encontrado.": "Webhook not found.",
    "Informe um endereço https:// sem usuário e senha.": (
        "Give an https:// address without user name and password."
    ),
    "Informe uma placa inteira, sem ? e *.": "Give a whole plate, without ? and *.",
    "Informe um período de até {} dias.": "Give a period of at most {} days.",
    "Informe a finalidade da busca por uma placa, por exemplo o número do BO.": (
        "Say why a plate is searched for, e.g. the number of the police report."
    ),
    "Informe de 1 a {} dias.": "Give 1 to {} days.",
    "A data do pedido não pode estar no futuro.": "The request's date may not be in the future.",
    "Confira a data do pedido: faz mais de um ano.": "Check the request's date: it is more than a year ago.",
    "Exportação não encontrada.": "Export not found.",
    "Espere suas outras exportações terminarem.": "Wait for your other exports to end.",
    "A exportação ainda não está pronta.": "The export is not ready yet.",
    "Um PDF tem no máximo {} leituras. Restrinja a busca ou exporte em CSV.": (
        "A PDF has at most {} reads. Narrow the search, or export as CSV."
    ),
    "Use no máximo {} vezes o *.": "Use * at most {} times.",
    "Use letras, números, ? (um caractere) e * (qualquer sequência).": (
        "Use letters, digits, ? (one character) and * (any number of them)."
    ),
    "Sua prefeitura não permite que visualizadores vejam placas inteiras.": (
        "Your prefeitura does not let visualizadores see whole plates."
    ),
    "Sua prefeitura só permite que visualizadores procurem placas inteiras, sem ? e *.": (
        "Your prefeitura lets visualizadores search whole plates only, without ? and *."
    ),
    "O fim precisa ser depois do início.": "The end must be after the start.",
    "Guarda judicial não encontrada.": "Legal hold not found.",
    "Você já tem {} buscas salvas. Exclua uma antes.": (
        "You have {} saved searches already. Delete one first."
    ),
    "Busca salva não encontrada.": "Saved search not found.",
    "A busca é ampla demais. Informe um período menor ou mais filtros.": (
        "The search is too wide. Give a shorter period or more filters."
    ),
    "A lista já tem {} placas, o máximo permitido.": "The list has {} plates already, the most allowed.",
    "A lista já tem {} placas com ? ou *.": "The list has {} plates with ? or * already.",
    "Este fim já passou: a placa não seria vigiada.": (
        "This end is past: the plate would not be watched for."
    ),
    "Placa monitorada não encontrada.": "Watched plate not found.",
    "Informe ao menos {} letras ou números da placa.": "Give at least {} letters or digits of the plate.",
    "Uma placa tem no máximo {} caracteres.": "A plate has at most {} characters.",
    # streaming
    "Cada câmera cabe uma vez no mosaico.": "A mosaic takes each camera once.",
    "Este mosaico mostra de 1 a {} câmeras.": "This mosaic shows 1 to {} cameras.",
    (
        "A conexão da caixa com a central está ocupada por outros vídeos: {} de {} Mbit/s. Feche um deles, "
        "assista em qualidade baixa ou tente mais tarde."
    ): (
        "The box's line to the hub is taken by other videos: {} of {} Mbit/s. Close one of them, "
        "watch in low quality, or try later."
    ),
    "Esta câmera está aberta há duas horas. Continue, se ainda estiver assistindo.": (
        "This camera has been open for two hours. Go on if you are still watching."
    ),
    "A sessão ao vivo terminou. Abra a câmera de novo.": "The live session is over. Open the camera again.",
    "A caixa desta câmera está sem contato com a central. O vídeo volta quando ela voltar.": (
        "This camera's box is out of contact with the hub. The video is back when the box is."
    ),
    "A central está com uma falha. Tente de novo em instantes.": (
        "The hub has a fault. Try again in a moment."
    ),
    "Mosaico não encontrado.": "Mosaic not found.",
    "Você já tem {} mosaicos. Exclua um antes.": "You have {} mosaics already. Delete one first.",
    "Um mosaico fica na sua prefeitura. Crie outro.": "A mosaic stays in its prefeitura. Make another.",
    "Este mosaico é de outra pessoa. Crie um seu a partir dele.": (
        "This mosaic is somebody else's. Make one of your own from it."
    ),
    "As câmeras de um mosaico são de uma só prefeitura.": "A mosaic's cameras are of one prefeitura.",
    "O trecho ainda não terminou: escolha um fim que já passou.": (
        "The span has not ended yet: choose an end that is past."
    ),
    "Esta câmera não tem caixa que a grave.": "No box records this camera.",
    "Recorte não encontrado.": "Clip not found.",
    "O recorte ainda não está pronto.": "The clip is not ready yet.",
    "Só quem pediu o recorte, o gestor ou um administrador pode apagá-lo.": (
        "Only who ordered the clip, the gestor or an administrator may delete it."
    ),
    "O armazenamento não respondeu. Tente de novo em instantes.": (
        "The store did not answer. Try again in a moment."
    ),
    "Peça no máximo uma hora de gravação por vez.": "Ask for at most one hour of footage at a time.",
    "A caixa desta câmera está sem contato com a central. Tente quando ela voltar.": (
        "This camera's box is out of contact with the hub. Try when it is back."
    ),
    "Sessão não encontrada.": "Session not found.",
    "Seu papel não permite ver pedidos de titulares.": "Your role does not allow you to see these requests.",
    "Seu papel não permite ver relatórios de tratamento de dados.": (
        "Your role does not allow you to see the reports about the treatment of data."
    ),
    "Relatório não encontrado.": "Report not found.",
    "Seu papel não permite ver o registro de acessos.": (
        "Your role does not allow you to see the log of accesses."
    ),
    "Seu papel não permite ver as eliminações.": "Your role does not allow you to see the erasures.",
    "Pedido não encontrado.": "Request not found.",
    "Descreva o que a pessoa pede, em uma frase ou mais.": (
        "Describe what the person asks for, in a sentence or more."
    ),
    "Este pedido já foi encerrado.": "This request has been closed.",
    "Este pedido já está em análise.": "This request is in analysis already.",
    "Comece a análise do pedido antes.": "Start the analysis of the request first.",
    "Gere o relatório antes de concluir.": "Make the report before you close the request.",
    "Elimine os dados da placa antes de concluir.": "Erase the plate's data before you close the request.",
    "Escreva o que foi respondido ao titular.": "Write what the person was told.",
    "Este pedido não é de eliminação.": "This is not a request for erasure.",
    "Este pedido não trata de uma placa.": "This request is not about a plate.",
    "A placa deste pedido foi eliminada.": "This request's plate has been erased.",
    "Leia e aceite os termos de uso e a política de privacidade para continuar.": (
        "Read and accept the terms of use and the privacy policy to go on."
    ),
    "Documento não encontrado.": "Document not found.",
    "Este texto já é o da versão em vigor.": "This is already the text of the version in force.",
    "Outra versão acaba de ser publicada. Confira antes de publicar a sua.": (
        "Another version has just been published. Look at it before you publish yours."
    ),
    "Há uma versão mais nova deste documento. Leia-a antes de aceitar.": (
        "There is a newer version of this document. Read it before you accept."
    ),
    "Este não é o texto publicado. Abra o documento de novo.": (
        "This is not the text that was published. Open the document again."
    ),
}


def english(sentence: str) -> str:
    """The sentence in English, with its values; as it is where nobody has written it."""
    known = ENGLISH.get(sentence)
    if known is not None:
        return known
    for pattern, translated in _patterns():
        if values := pattern.fullmatch(sentence):
            return translated.format(*values.groups())
    return sentence


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """Of the sentences with values; the longest first, so that none is taken for a vaguer one."""
    with_values = sorted((key for key in ENGLISH if "{}" in key), key=len, reverse=True)
    return [(re.compile(re.escape(key).replace(r"\{\}", "(.+)")), ENGLISH[key]) for key in with_values]
