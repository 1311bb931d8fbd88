# Português (Brasil)

# Same as in English.
app-name = mirrord
title = Monitor de sessões
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = edição desconhecida
license-until = até { $date }
license-expired = expirou em { $date }
upgrade = Mudar para Teams
opens-new-tab = Abre uma nova guia
all-sessions = mirrord, todas as sessões
connecting = Conectando
syncing = Sincronizando
live = Ao vivo
retrying = Nova tentativa em { $seconds } s
retrying-now = Nova tentativa
signed-out = Desconectado
retry-now = Tentar agora
sessions-count = { $count ->
    [one] { $count } sessão
    [many] { $count } de sessões
   *[other] { $count } sessões
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } perdido
    [many] { $count } perdidos
   *[other] { $count } perdidos
}
dropped-hint = Eventos perdidos entre uma sessão e esta página
preferences = Preferências
theme = Tema
theme-is = Tema: { $theme }
theme-system = Sistema
theme-light = Claro
theme-dark = Escuro
density = Densidade
density-compact = Compacta
density-comfortable = Confortável
times = Horários
times-absolute = Hora do dia
times-relative = Há quanto tempo
times-since-start = Desde o início
language = Idioma
language-of-browser = Como o navegador
single-keys = Atalhos de uma tecla
show-env-values = Mostrar valores das variáveis
notify = Notificar quando uma sessão termina
notify-blocked = O navegador bloqueia as notificações desta página: permita-as nas configurações dele.
notify-insecure = As notificações precisam de https, ou do navegador desta máquina.
notify-missing = Este navegador não tem notificações.
notify-many = { $count ->
    [one] { $count } sessão encerrada
    [many] { $count } de sessões encerradas
   *[other] { $count } sessões encerradas
}
skip = Ir para o conteúdo
sessions = Sessões
filter-sessions = Filtrar sessões
group-live = ativas
group-unresponsive = não respondem
group-ended = encerradas
none-matches = Nenhuma sessão corresponde.
more-sessions = { $count ->
    [one] mais { $count } sessão não listada
    [many] mais { $count } de sessões não listadas
   *[other] mais { $count } sessões não listadas
}
no-command = (comando desconhecido)
targetless = sem alvo
processes = { $count ->
    [one] { $count } processo
    [many] { $count } de processos
   *[other] { $count } processos
}
status-live = ativa
status-unresponsive = não responde
status-ended = encerrada
row-started = iniciado
row-ended = encerrado
ended-ago = há { $time }
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
# Same as in English.
hours = { $number } h
# Same as in English.
days = { $number } d
empty-title = Nenhuma sessão em execução
empty-text = Execute seu programa com o mirrord e ele aparece aqui na hora:
empty-foot = Sessões de um mirrord publicado também são encontradas.
loading-title = Procurando sessões…
loading-sessions = Só um momento.
unreachable-title = O mirrord ui não responde
unreachable-text = Talvez tenha sido parado. Inicie-o de novo e esta página volta sozinha:
signed-out-title = Você foi desconectado
signed-out-text = Esta página precisa do link com o token do mirrord ui em execução. Exiba-o com:
signed-out-foot = Depois abra esse link neste navegador.
try-again = Tentar de novo
stopped-title = Esta página parou
stopped-text = Algo deu errado nela. As sessões continuam: recarregue a página para vê-las. O relatório ajuda a corrigir o erro.
reload = Recarregar
copy-report = Copiar relatório
copy = Copiar
copied = Copiado
copy-table = Copiar como texto
printed-part = Foi impresso o que estava à vista. Para ter tudo, na página: { $action }
copy-failed = Selecione e copie à mão
copy-id = Copiar ID
copy-json = Copiar JSON
gone-title = Esta sessão não está aqui
gone-text = Ela terminou antes de o mirrord ui iniciar, foi descartada, ou o link é de outra máquina.
back-to-list = Todas as sessões
views = Visões da sessão
tab-events = Eventos
tab-files = Arquivos
tab-network = Rede
tab-ports = Portas
tab-environment = Ambiente
tab-processes = Processos
tab-config = Configuração
tab-stats = Estatísticas
kind-file = arquivos
# Same as in English.
kind-dns = dns
kind-connect = conexões
kind-port = portas
kind-request = requisições
kind-env = ambiente
kind-process = processos
kind-other = outros
one-file = arquivo
# Same as in English.
one-dns = dns
one-connect = conexão
one-port = porta
one-request = requisição
one-env = ambiente
one-process = processo
one-other = outro
filter-kinds = Tipos de eventos
chip-hint = Clique para mostrar ou ocultar, Alt+clique para mostrar só este
search = Palavras, campo:valor, /regex/
search-label = Pesquisar nos eventos
bad-pattern = Padrão inválido
pause = Pausar
resume = Retomar
# Same as in English.
plus-waiting = +{ $count }
clear = Limpar
clear-hint = Esvazia este log. As contagens ficam.
log-label = Eventos da sessão
log-loading = Obtendo o que já aconteceu…
log-failed = Não foi possível obter o que houve antes.
log-empty = Nada aconteceu ainda. Os eventos aparecem aqui enquanto o programa roda.
log-empty-ended = Nada foi guardado desta sessão.
log-cleared = Limpo. Novos eventos aparecem aqui.
log-cleared-ended = Limpo.
undo-clear = Desfazer limpeza
requests-not-seen = Nesta sessão as requisições não podem ser vistas: ela não atende nenhuma porta de um destino.
nothing-seen = Nada disso foi visto antes do fim da sessão.
before-start = antes do início: { $count }
ended-broken = seu mirrord foi morto
held-here = o mirrord ui não a conhece mais; esta página guarda o que viu
stale-foot = Sem conexão
stale-since = Tudo abaixo é de { $time }.
stale-signed-out = O mirrord ui foi reiniciado. Mostre o link e abra-o neste navegador.
blocked-title = O mirrord ui recusa este endereço
blocked-text = Um proxy muda o cabeçalho Host. Inicie o mirrord ui com o nome desta página:
socket-title = A conexão ao vivo não abre
socket-text = As requisições são respondidas, o WebSocket em /ws não: algo no caminho o bloqueia. Deixe WebSockets passarem ali.
no-cookies-text = Este navegador não guarda cookies aqui. Mostre o link com o token:
no-cookies-foot = Depois abra com #token= em vez de ?token=.
incomplete = Incompleto: o que passa por { $means } não é visto
log-no-match = Nenhum evento corresponde ao filtro.
clear-filter = Mostrar tudo
log-searching = Pesquisando…
missed-lost = { $count ->
    [one] { $count } evento não chegou aqui
    [many] { $count } de eventos não chegaram aqui
   *[other] { $count } eventos não chegaram aqui
}
missed-withheld = { $count ->
    [one] { $count } evento informado só como contagem
    [many] { $count } de eventos informados só como contagem
   *[other] { $count } eventos informados só como contagem
}
missed-older = { $count ->
    [one] { $count } evento anterior não guardado aqui
    [many] { $count } de eventos anteriores não guardados aqui
   *[other] { $count } eventos anteriores não guardados aqui
}
following = Seguindo · o mais novo embaixo
not-following = Sem seguir
paused = Em pausa · { $count } aguardando
ended-foot = Encerrada
jump = Ir para o mais novo
shown = { $shown } de { $total } exibidos
ring-dropped = { $count } antigos descartados
histogram = Eventos ao longo do tempo
histogram-says = no máximo { $count } eventos em { $time }
remote = remoto
# Same as in English.
local = local
not-found = não encontrado
detail = Evento
close = Fechar
field-path = caminho
field-operation = operação
# Same as in English.
field-host = host
field-address = endereço
field-port = porta
field-protocol = protocolo
field-mode = modo
field-filter = filtro
field-method = método
field-variables = variáveis
field-command = comando
field-parent = pai
field-process = processo
field-time = horário
field-routing = roteamento
field-rule = decidido por
into-session = aos { $time }
show-values = Mostrar valores
hide-values = Ocultar valores
keys-title = Atalhos de teclado
keys-hint = ? teclas
keys-anywhere = Em qualquer lugar
keys-session = Em uma sessão
keys-log = No log
key-neighbours = Sessão anterior, próxima
key-theme = Próximo tema
key-move = Próxima linha, anterior
key-details = Detalhes da linha
key-pause = Pausar ou retomar
palette = Pesquisar ou ir para
palette-placeholder = Pesquisar ou ir para…
palette-found = { $count ->
    [one] { $count } entrada
    [many] { $count } de entradas
   *[other] { $count } entradas
}
palette-nothing = Nada tem esse nome.
palette-searching = Pesquisando em todas as sessões…
palette-partial = Pode haver mais: digite mais um pouco.
palette-failed = Não foi possível pesquisar nas sessões.
palette-not-kept = não é mais mantido
actions = Ação
search-view = Filtrar esta tabela
no-row-matches = Nada aqui corresponde ao filtro. Limpe-o para ver tudo.
covers-all = Contagens desde o início da sessão
covers-some = Contagens de { $count } eventos
column-operations = operações
column-first = primeiro
column-last = último
column-destination = destino
column-name = nome
column-connections = conexões
column-led-to = levou a
column-lookups = consultas
column-since = desde
column-arrived = recebido
column-requests = requisições
column-value = valor
column-fetched = obtida
# Same as in English.
column-pid = pid
column-ended = fim
tab-summary = Resumo
worth-a-look = Vale uma olhada
nothing-stands-out = Nada chama a atenção por enquanto.
nothing-stood-out = Nada chamou a atenção.
show-rows = Linhas
found-died = { $command } morreu com { $signal }.
found-bind-failed = Não foi possível escutar na porta { $port }.
found-refused = As conexões a { $destination } falham.
found-not-followed = { $name } foi consultado e nenhuma conexão se seguiu.
found-no-answer = { $destination } não responde.
found-again = { $path } é procurado repetidamente, em vão.
found-denied = Não é permitido abrir { $path }.
found-nowhere = { $name } foi procurado e não está em lugar nenhum.
found-unreached = Nenhuma conexão chegou à porta { $port }.
places-count = { $count ->
    [one] { $count } lugar
    [many] { $count } de lugares
   *[other] { $count } lugares
}
files-looked-for = Arquivos procurados
processes-died = Processos que morreram
column-where = onde
column-result = resultado
column-times = vezes
column-traffic = entra / sai
column-listens = escuta em
column-came = chegadas
answer-found = encontrado
answer-written = escrito
answer-denied = sem permissão
answer-connected = conectado
answer-failed = falhou
answer-pending = ainda sem resposta
never = nunca
died-of = morreu com { $signal }
ended-with = código de saída { $code }
not-listening = não foi possível escutar
loopback-only = só loopback
ipv6-only = só IPv6
failures = { $count } com falha
failed-only = Só falhas
with-children = Com seus filhos
follow-process = Seguir { $process }
followed = Somente { $process } e seus filhos, em todas as visões
all-processes = Todos os processos
column-folder = pasta
no-connection-since = nenhuma conexão desde { $time }
held-by = ocupada por { $process }
listens-no-more = não escuta mais
listeners = Escuta
column-remark = observação
as-tree = Árvore
not-found-count = { $count } não encontrados
paths-count = { $count ->
    [one] { $count } caminho
    [many] { $count } de caminhos
   *[other] { $count } caminhos
}
files-inside = { $count } dentro
all-paths = Todos os caminhos
files-written = Gravados
found-in-place = encontrado no lugar { $place } de { $total }
looked-for-in = Onde { $name } foi procurado
path-story = O que aconteceu com este caminho
outcome-over-time = Resultado ao longo do tempo
show-all = Mostrar todos ({ $number })
show-fewer = Mostrar menos
files-empty = Nenhum arquivo foi tocado ainda. Os caminhos aparecem aqui quando o programa os abre, lê ou procura.
more-events = { $count ->
    [one] { $count } evento de outros, que não couberam
    [many] { $count } de eventos de outros, que não couberam
   *[other] { $count } eventos de outros, que não couberam
}
destinations = Conexões
destinations-empty = Nenhuma conexão de saída ainda. Os destinos aparecem aqui assim que o programa se conecta.
lookups = Nomes consultados
lookups-empty = Nenhuma consulta DNS ainda. Os nomes aparecem aqui assim que o programa busca um.
column-duration = duração
open-now = aberta
unix-sockets = Sockets Unix
no-connection = sem conexão em seguida
sure-likely = provável
sure-perhaps = talvez
sure-note = O nome que levou a um endereço é deduzido: o mesmo processo o consultou até 5 s antes de se conectar. Provável: era o único. Talvez: o último de vários.
ports-empty = Nenhuma porta inscrita. As portas aparecem aqui quando o programa escuta e a sessão as atende.
port-nothing = Inscrita, nada chegou em { $time }
port-nothing-yet = Inscrita, nada chegou ainda
port-not-watched = Porta local: o que chega a ela não é observado
all-ports-together = { " " }· de todas as portas, pois uma requisição não informa a sua
requests-count = { $count ->
    [one] { $count } requisição
    [many] { $count } de requisições
   *[other] { $count } requisições
}
the-last = a última { $time }
requests = Requisições recebidas
requests-empty = Nenhuma requisição ainda. Envie uma ao alvo; se o filtro deixar, ela aparece aqui.
environment-empty = Nenhuma variável obtida. Elas aparecem aqui quando a sessão obtém o ambiente do alvo.
variables-count = { $count ->
    [one] { $count } variável
    [many] { $count } de variáveis
   *[other] { $count } variáveis
}
value-unknown = só o nome é conhecido
show-all-values = Mostrar todos os valores
hidden-note = Oculto significa fora da vista: um clique mostra um valor. Programas que podem usar a API deste mirrord ui os veem mesmo assim. Eles nunca são enviados a um telefone.
processes-empty = Nenhum processo conhecido ainda. Eles aparecem aqui quando iniciam na sessão.
running-count = { $count ->
    [one] { $count } ativo
    [many] { $count } ativos
   *[other] { $count } ativos
}
more-processes = { $count ->
    [one] mais { $count } não guardado
    [many] mais { $count } não guardados
   *[other] mais { $count } não guardados
}
still-runs = ativo
ran-for = durou { $time }
config-asked = Pedindo a configuração à sessão…
config-failed = Não foi possível obter a configuração.
config-none = Esta sessão roda sem arquivo de configuração. Inicie uma com mirrord exec -f mirrord.json para ver suas regras aqui.
config-no-text = A sessão indica o arquivo, mas não diz o que há nele.
decided-count = { $count ->
    [one] decidiu { $count } evento
    [many] decidiu { $count } de eventos
   *[other] decidiu { $count } eventos
}
default-rules = Regras que o arquivo não cita
default-rules-note = Decidiram por padrão. Citar uma no arquivo a substitui.
what-if = E se
what-if-hint = Editar a configuração e ver o que mudaria nesta execução
what-if-loading = Carregando o avaliador e os eventos desta execução…
what-if-failed = Não foi possível carregar o avaliador ou os eventos.
what-if-label = Configuração a testar
what-if-decided = Eventos decididos de novo: { $count }
what-if-range = eventos { $first } a { $last }
what-if-problems = Erros: { $count }. Nada é decidido enquanto existirem.
what-if-at = linha { $line }, coluna { $column }
what-if-resolved = O texto de um arquivo JSON não é conhecido aqui: esta é a configuração como foi entendida.
what-if-none = Esta execução não tinha configuração: é comparada com os padrões do mirrord.
what-if-variables = Variáveis que tiveram prioridade sobre o arquivo e não estão neste texto: { $names }
what-changes = O que muda
changes-before = antes
changes-after = depois
what-if-same = Decididos como antes: { $count }
what-if-omitted = E mais: { $count }
what-if-missing = Fatos que faltam e que só o cluster ou a máquina conhece
what-if-unhooked = Chamadas que o mirrord nunca vê: { $count }
suggestions = Sugestões
suggestions-note = Apenas desta execução. Uma alteração é mesclada à configuração.
suggestions-variables = Variáveis de ambiente têm prioridade sobre o arquivo: nenhuma alteração é sugerida.
suggestion-try = Testar em “E se”
suggestion-rows = Operações: { $count }
suggestion-changed = Decididas de outra forma: { $count }
suggestion-unchanged = Não muda nada nesta execução
suggestion-excluded-variable = Excluída, e seu valor local foi usado
suggestion-uncovered-destination = Em nenhuma entrada do filtro
suggestion-looks-remote = Procurado aqui em vão; talvez esteja no cluster
suggestion-looks-local = Parece local e seria lido no cluster
suggestion-exists-locally = Existe aqui e seria lido no cluster
suggestion-aws-mapped = Levado a outro lugar por padrão
suggestion-unused-port = Seria assinada, e nada chegou
suggestion-unused-rule = Não decidiu nada nesta execução
nothing-redirected = Nada foi redirecionado: o roteamento mostra aonde cada operação iria com esta configuração.
never-matched = nunca correspondeu
depends = depende
unhooked-static = não interceptado: programa estático
unhooked-loader = não interceptado: pelo carregador
download = Baixar
figure-total = eventos
figure-rate = taxa atual
figure-peak = segundo mais intenso
figure-lost = perdidos no caminho
figure-withheld = só como contagem
figure-older = antes do mais antigo guardado
figure-given-up = descartados pelo log desta página
routing-unknown = não informado por esta sessão
events-count = { $count ->
    [one] { $count } evento
    [many] { $count } de eventos
   *[other] { $count } eventos
}
chart-hint = Aponte para o gráfico, ou foque-o e use as setas, para ler os números.
each-bar = Uma barra são { $time }
as-table = O gráfico como tabela
top-paths = Caminhos mais tocados
top-hosts = Nomes mais consultados
only-like = Só como este
hide-like = Ocultar como este
any-process = Qualquer processo
any-routing = Qualquer roteamento
filter-process = Filtrar por processo
filter-routing = Filtrar por roteamento
export = Exportar
export-hint = Salva as linhas exibidas; valores ocultos ficam de fora
more-characters = { $count ->
    [one] … mais { $count } caractere; a cópia tem tudo
    [many] … mais { $count } de caracteres; a cópia tem tudo
   *[other] … mais { $count } caracteres; a cópia tem tudo
}
no-namespace = sem namespace
no-key = sem chave
overview = Todas as sessões
group-by = Agrupar
sort-by = Ordenar
# Same as in English.
by-status = Status
by-target = Alvo
# Same as in English.
by-namespace = Namespace
by-key = Chave
by-nothing = Nenhum
sort-newest = Mais novas
sort-name = Nome
sort-rate = Taxa
sort-events = Eventos
sort-own = Ordem própria
# Same as in English.
column-status = status
column-session = sessão
column-processes = processos
column-ports = portas
column-rate = taxa
column-routing = roteamento
column-events = eventos
column-age = idade
routing-mock = simulado
routing-error = erro
choose-session = Escolher { $session }
chosen-count = { $count ->
    [one] { $count } escolhida
    [many] { $count } escolhidas
   *[other] { $count } escolhidas
}
show-together = Ver juntas
at-most-together = Cabem no máximo { $count } sessões em um log.
clear-chosen = Não escolher nenhuma
move-session = Mover { $session }: seta acima, seta abaixo
moved-to = { $session }: posição { $place }
menu-of = Ações de { $session }
details = Detalhes
pin = Fixar
unpin = Desafixar
move-up = Mover para cima
move-down = Mover para baixo
pinned-word = fixada
open-on-desktop = aberta no computador
key-label = Chave, para agrupar
copy-socket = Copiar caminho do socket
end-ask = Encerrar…
end-title = Encerrar esta sessão?
end-text = Isso encerra o comando e todos os processos que ele iniciou:
end-force = Eles recebem o pedido para terminar e, após 5 s, são forçados.
end-released = Um mirrord publicado não pode encerrar seu programa daqui, só a própria API de sessão. Encerre o programa pelos processos:
end-no-process = Nenhum processo dela é conhecido.
end-now = { $count ->
    [one] Encerrar { $count } processo
    [many] Encerrar { $count } de processos
   *[other] Encerrar { $count } processos
}
end-session = Encerrar a sessão
cancel = Cancelar
ending = Encerrando…
has-ended = Ela terminou.
still-ending = Ela aceitou o pedido e não terminou em 10 s. Continua tentando; esta página mostra quando terminar.
end-failed = Não foi possível encerrá-la.
dismiss = Descartar
dismiss-all = { $count ->
    [one] Descartar { $count } encerrada
    [many] Descartar { $count } de encerradas
   *[other] Descartar as { $count } encerradas
}
dismiss-failed = Não foi possível descartá-la.
rename = Renomear…
rename-title = Dar nome a esta sessão
rename-label = Nome
rename-text = Aparece onde quer que a sessão apareça. Vazio, vale o nome com que ela começou, ou seu comando.
rename-save = Salvar o nome
audit-named-session = sessão renomeada
show-more = { $count ->
    [one] Mostrar mais { $count }
    [many] Mostrar mais { $count }
   *[other] Mostrar mais { $count }
}
together = { $count ->
    [one] { $count } sessão junta
    [many] { $count } de sessões juntas
   *[other] { $count } sessões juntas
}
legend = Sessões deste log
# Same as in English.
of-session = { $session }: { $text }
not-here = não está aqui
key-choose = Escolher a sessão em foco
keys-overview = Na visão geral
mirror-title = Ver no telefone
mirror-heading = Suas sessões no telefone
mirror-lead = A mesma página, ao vivo, em um dispositivo da sua rede; sem valores secretos.
mirror-settings = Configurações
mirror-off = Desligado
mirror-on = Ligado, ninguém conectado
mirror-connected = { $count ->
    [one] { $count } conectado
    [many] { $count } conectados
   *[other] { $count } conectados
}
mirror-waiting = Inacessível agora
mirror-failed = Não foi possível iniciar
mirror-local = Esta máquina
mirror-network = Rede
mirror-user = Nome de usuário
mirror-password = Senha
mirror-from-settings = a das configurações
mirror-from-environment = a do ambiente
mirror-for-this-run = para esta execução
mirror-connected-now = conectado agora
mirror-no-answer = Sem resposta. O mirrord ui ainda está rodando?
mirror-pair-title = Parear um telefone
mirror-pair-text = Leia o código com a câmera do telefone. Ele admite um dispositivo, uma vez, por cinco minutos.
mirror-pair-off = Ligue o espelho primeiro.
mirror-pair = Mostrar um código
mirror-new-code = Novo código
mirror-code = Código QR do endereço ao lado
mirror-time-left = Válido por { $time }
mirror-too-old = Este código expirou. Crie outro.
mirror-used-by = Usado por { $device }
mirror-copy-address = Copiar endereço
mirror-devices = Dispositivos
mirror-no-devices = Nenhum dispositivo entrou.
mirror-device-name = Nome do dispositivo
mirror-viewer = somente leitura
mirror-controller = pode encerrar sessões
mirror-grant = Permitir encerrar sessões…
mirror-take-back = Somente leitura
mirror-revoke = Revogar…
mirror-revoke-all = Revogar todos os dispositivos…
mirror-seen = visto { $time }
mirror-signed-in = entrou { $time }
mirror-expires = entra de novo em { $time }
mirror-grant-ask = Permitir que “{ $device }” encerre sessões?
mirror-grant-text = Quem o tiver poderá encerrar qualquer sessão e seus processos, e dar nome às sessões. Ele continua sem ver valores secretos.
mirror-grant-go = Permitir encerrar sessões
mirror-revoke-ask = Revogar “{ $device }”?
mirror-revoke-all-ask = Revogar todos os dispositivos?
mirror-revoke-text = Ele é desconectado na hora. A senha continua: troque-a se alguém não deve tê-la.
mirror-revoke-go = Revogar
mirror-networks = Interface de rede
mirror-everywhere = Todas as redes
mirror-not-here = { $device } · ausente agora
mirror-port = Porta
mirror-port-hint = 1 a 65535
mirror-port-wrong = Um número entre 1 e 65535.
mirror-user-hint = Vazio: o do ambiente ou mirrord.
mirror-password-hint = De 8 a 256 caracteres, nunca exibida. Dispositivos conectados continuam assim.
mirror-password-wrong = Deve ter de 8 a 256 caracteres.
mirror-password-set = Definida; digite outra
mirror-password-none = Aleatória; digite a sua
mirror-password-go = Definir
mirror-password-random = Voltar a uma aleatória
mirror-tls = Criptografia
mirror-tls-off = Desligada
mirror-tls-private = Autoridade privada
mirror-tls-own = Certificado próprio
mirror-tls-off-hint = Quem compartilha a rede pode ler tudo.
mirror-tls-private-hint = Criada nesta máquina; o telefone precisa confiar nela uma vez.
mirror-tls-own-hint = Caminhos absolutos de dois arquivos PEM.
mirror-tls-go = Usar este certificado
mirror-certificate = Certificado
mirror-key = Chave
mirror-trust = Confiar nela no telefone
mirror-trust-open = Abra isto no telefone, passando pelo aviso:
mirror-trust-compare = Compare esta impressão digital; se for diferente, pare:
mirror-trust-install = Instale o certificado como diz aquela página.
mirror-trust-download = Baixar o certificado
mirror-names = Outros nomes
mirror-names-hint = Outros nomes de host desta máquina, separados por vírgulas.
mirror-auto-start = Iniciar com o mirrord ui
mirror-mdns = Anunciar nome e porta na rede
mirror-command-lines = Mostrar aos dispositivos linhas de comando inteiras, inclusive senhas nelas
mirror-audit = O que aconteceu
mirror-audit-text = O mais novo primeiro, sem segredos.
mirror-audit-empty = Nada ainda.
mirror-banner = Espelho de { $machine } · somente leitura
mirror-banner-ends = Espelho de { $machine } · pode encerrar sessões
mirror-sign-out = Sair
mirror-sign-in = Entrar
mirror-turned-out-title = Este dispositivo foi desconectado
mirror-turned-out = Ele foi revogado ou saiu, ou seus 30 dias acabaram. Entre de novo para continuar.
mirror-turned-out-foot = Ou leia um novo código no computador.
mirror-elsewhere-title = As configurações ficam no computador
mirror-elsewhere = Abra o mirrord ui na própria máquina.
mirror-values = Os valores ficam no computador; um dispositivo recebe só os nomes.
audit-started = escutando
audit-stopped = parado
audit-failed = não pôde escutar
audit-signed-in = entrou
audit-sign-in-failed = entrada recusada
audit-throttled = deve esperar
audit-ticket-made = código criado
audit-paired = pareado
audit-pairing-failed = código recusado
audit-signed-out = saiu
audit-revoked = revogado
audit-device-changed = dispositivo alterado
audit-refused = recusado
audit-ended-session = sessão encerrada
audit-settings-changed = configurações alteradas

search-any-column = alguma coluna
search-has = { $column } contém { $value }
search-is = { $column } é { $value }
search-like = { $column } é como { $value }
search-matches = { $column } corresponde a { $value }
search-descends = processo { $process } ou um que ele iniciou
search-present = { $column } é conhecido
search-and = { $first }, e { $second }
search-or = { $first }, ou { $second }
search-not = não: { $what }
search-no-field = Não há campo { $name }
search-did-you-mean = { $problem }; quis dizer { $name }?
search-no-value = { $field }: não tem o valor { $value }
search-not-number = { $field }: aceita um número ou um intervalo, e { $value } não é
search-not-time = { $value } não é um horário
search-unfinished = Ainda incompleto: { $part }
search-no-group = Este ) não tem (
search-too-much = Demais para um filtro
field-direction = direção
field-size = tamanho
field-name = nome
match-place = { $place } de { $total }
match-next = Próximo resultado
match-previous = Resultado anterior
key-matches = Próximo resultado ou anterior
saved-filters = Filtros salvos
save-filter = Salvar este filtro
filter-name = Nome
delete-filter = Excluir { $name }
apply-filter = Filtrar por { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Desde a linha anterior
# Same as in English.
outcome-ok = ok
outcome-denied = sem permissão
outcome-connected = conectado
outcome-failed = falhou
outcome-pending = sem resposta ainda
exit-code = saída { $code }
operation-lookup = consulta
bytes-in = { $bytes } recebidos
bytes-out = { $bytes } enviados
repeats = ×{ $count } em { $time }
fold-repeats = Recolher repetições
columns = Colunas
column-type = tipo
column-what = o quê
column-outcome = resultado
around = ±1 s ao redor
all-times = Todo o período
copy-path = Copiar caminho ou endereço
copy-row = Copiar linha
copy-command = Copiar como comando
row-absent = O evento #{ $row } deste link não está guardado aqui.
histogram-scale = As alturas são raízes quadradas
timeline-hint = Arraste para escolher um intervalo; com teclas: setas, Shift e setas, Esc
failed-count = { $count ->
   [one] { $count } falhou
   [many] { $count } falharam
  *[other] { $count } falharam
}
remove-term = Remover: { $term }
play = Reproduzir
moments = Momentos da gravação
moment-event = evento { $event } de { $total }
whole-record = Gravação inteira
speed = Velocidade
comparison = Comparação
compare = Comparar
swap = Inverter
compare-again = Comparar de novo
nothing-differs = Nada difere.
names-alike = Iguais: { $count }
not-compared = Eventos de outros nomes, não comparados: { $count }
only-first = só na primeira
only-second = só na segunda
changed-between = diferente
other-value = outro valor
just-seen = visto
show-its-events = Mostrar os eventos
drop-record = Solte gravações aqui para abri-las
opening-record = Abrindo { $name }…
not-opened = { $name } não foi aberto: { $reason }
open-record = Abrir uma gravação…
history-title = Histórico
record = Gravar
stop-recording = Parar a gravação
record-hint = Guarda a sessão em um arquivo nesta máquina
save-record = Salvar
save-record-hint = Salva o que foi mantido da sessão como gravação, que abre ao ser solta nesta página
recording-to = Gravando em { $file }
recording-ended = { $file }: a gravação terminou: { $reason }
history-lead = Sessões encerradas, guardadas como gravações nesta máquina. Os valores das variáveis não estão nelas.
keep-history = Guardar sessões que terminam
search-history = Buscar no histórico
history-off = As sessões não são guardadas. Ative para encontrá-las aqui depois de encerradas.
history-empty = Nada foi guardado ainda. As sessões aparecem aqui depois de encerradas.
history-bytes = { $bytes } de { $limit }
history-days = dias no máximo: { $count }
delete = Excluir
delete-for-good = Excluir de vez?
end-group = Encerrar todas
end-group-sure = Encerrar as { $count }?
otlp-sent = { $sent } enviados a { $endpoint }
