# Español

# Same as in English.
app-name = mirrord
title = Monitor de sesiones
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = edición desconocida
license-until = hasta { $date }
license-expired = caducó el { $date }
upgrade = Cambiar a Teams
opens-new-tab = Abre una pestaña nueva
all-sessions = mirrord, todas las sesiones
connecting = Conectando
syncing = Sincronizando
live = En vivo
retrying = Reintento en { $seconds } s
retrying-now = Reintentando
signed-out = Sesión cerrada
retry-now = Reintentar ahora
sessions-count = { $count ->
    [one] { $count } sesión
    [many] { $count } de sesiones
   *[other] { $count } sesiones
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } perdido
    [many] { $count } perdidos
   *[other] { $count } perdidos
}
dropped-hint = Eventos perdidos entre una sesión y esta página
preferences = Preferencias
theme = Tema
theme-is = Tema: { $theme }
theme-system = Sistema
theme-light = Claro
theme-dark = Oscuro
density = Densidad
density-compact = Compacta
density-comfortable = Amplia
times = Hora
times-absolute = Hora del día
times-relative = Hace cuánto
times-since-start = Desde el inicio
language = Idioma
language-of-browser = Como el navegador
single-keys = Atajos de una sola tecla
show-env-values = Mostrar valores de variables
notify = Notificar cuando termina una sesión
notify-blocked = El navegador bloquea las notificaciones de esta página: permitirlas en sus ajustes.
notify-insecure = Las notificaciones necesitan https, o el navegador de esta máquina.
notify-missing = Este navegador no tiene notificaciones.
notify-many = { $count ->
    [one] { $count } sesión terminada
    [many] { $count } de sesiones terminadas
   *[other] { $count } sesiones terminadas
}
skip = Ir al contenido
sessions = Sesiones
filter-sessions = Filtrar sesiones
group-live = activas
group-unresponsive = no responden
group-ended = terminadas
none-matches = Ninguna sesión coincide.
more-sessions = { $count ->
    [one] { $count } sesión más no aparece
    [many] { $count } de sesiones más no aparecen
   *[other] { $count } sesiones más no aparecen
}
no-command = (comando desconocido)
targetless = sin objetivo
processes = { $count ->
    [one] { $count } proceso
    [many] { $count } de procesos
   *[other] { $count } procesos
}
status-live = activa
status-unresponsive = no responde
status-ended = terminada
row-started = iniciado
row-ended = terminado
ended-ago = hace { $time }
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
# Same as in English.
hours = { $number } h
# Same as in English.
days = { $number } d
empty-title = No hay ninguna sesión en marcha
empty-text = Ejecute su programa con mirrord y aparecerá aquí al instante:
empty-foot = También se detectan las sesiones de un mirrord publicado.
loading-title = Buscando sesiones…
loading-sessions = Tardará un momento.
unreachable-title = mirrord ui no responde
unreachable-text = Quizá se haya detenido. Inícielo de nuevo y esta página volverá sola:
signed-out-title = La sesión está cerrada
signed-out-text = Esta página necesita el enlace con el token del mirrord ui en marcha. Se obtiene con:
signed-out-foot = Después abra ese enlace en este navegador.
try-again = Reintentar
stopped-title = Esta página se ha detenido
stopped-text = Algo falló en ella. Las sesiones continúan: recargue la página para verlas. El informe ayuda a corregir el fallo.
reload = Recargar
copy-report = Copiar informe
copy = Copiar
copied = Copiado
copy-table = Copiar como texto
printed-part = Se imprime lo que estaba a la vista. Para tenerlo todo, en la página: { $action }
copy-failed = Seleccione y copie a mano
copy-id = Copiar ID
copy-json = Copiar JSON
gone-title = Esta sesión no está aquí
gone-text = Terminó antes de iniciarse mirrord ui, se descartó, o el enlace es de otra máquina.
back-to-list = Todas las sesiones
views = Vistas de la sesión
tab-events = Eventos
tab-files = Archivos
tab-network = Red
tab-ports = Puertos
tab-environment = Entorno
tab-processes = Procesos
tab-config = Configuración
tab-stats = Estadísticas
kind-file = archivos
# Same as in English.
kind-dns = dns
kind-connect = conexiones
kind-port = puertos
kind-request = peticiones
kind-env = entorno
kind-process = procesos
kind-other = otros
one-file = archivo
# Same as in English.
one-dns = dns
one-connect = conexión
one-port = puerto
one-request = petición
one-env = entorno
one-process = proceso
one-other = otro
filter-kinds = Tipos de eventos
chip-hint = Clic para mostrar u ocultar, Alt+clic para mostrar solo este
search = Palabras, campo:valor, /regex/
search-label = Buscar en los eventos
bad-pattern = Patrón no válido
pause = Pausar
resume = Reanudar
# Same as in English.
plus-waiting = +{ $count }
clear = Vaciar
clear-hint = Vacía este registro. Los recuentos se conservan.
log-label = Eventos de la sesión
log-loading = Obteniendo lo ocurrido hasta ahora…
log-failed = No se pudo obtener lo anterior.
log-empty = Aún no ha ocurrido nada. Los eventos aparecen aquí mientras se ejecuta el programa.
log-empty-ended = No se conserva nada de esta sesión.
log-cleared = Vaciado. Los eventos nuevos aparecen aquí.
log-cleared-ended = Vaciado.
undo-clear = Deshacer vaciado
requests-not-seen = En esta sesión no se ven las peticiones: no sirve ningún puerto de un destino.
nothing-seen = No se vio nada de esto antes de que terminara la sesión.
before-start = antes del inicio: { $count }
ended-broken = su mirrord fue matado
held-here = mirrord ui ya no la conoce; esta página guarda lo que vio
stale-foot = Sin conexión
stale-since = Todo lo de abajo es de las { $time }.
stale-signed-out = mirrord ui se ha reiniciado. Muestra su enlace y ábrelo en este navegador.
blocked-title = mirrord ui rechaza esta dirección
blocked-text = Un proxy cambia la cabecera Host. Inicia mirrord ui con el nombre de esta página:
socket-title = La conexión en vivo no se abre
socket-text = Las peticiones reciben respuesta, el WebSocket /ws no: algo lo bloquea en el camino. Deja pasar WebSockets allí.
no-cookies-text = Este navegador no guarda cookies aquí. Muestra el enlace con el token:
no-cookies-foot = Luego ábrelo con #token= en lugar de ?token=.
incomplete = Incompleto: lo que pasa por { $means } no se ve
log-no-match = Ningún evento coincide con el filtro.
clear-filter = Mostrar todo
log-searching = Buscando…
missed-lost = { $count ->
    [one] { $count } evento no llegó aquí
    [many] { $count } de eventos no llegaron aquí
   *[other] { $count } eventos no llegaron aquí
}
missed-withheld = { $count ->
    [one] { $count } evento se comunicó solo como recuento
    [many] { $count } de eventos se comunicaron solo como recuento
   *[other] { $count } eventos se comunicaron solo como recuento
}
missed-older = { $count ->
    [one] { $count } evento anterior no se conserva aquí
    [many] { $count } de eventos anteriores no se conservan aquí
   *[other] { $count } eventos anteriores no se conservan aquí
}
following = Siguiendo · lo más nuevo abajo
not-following = Sin seguir
paused = En pausa · { $count } en espera
ended-foot = Terminada
jump = Ir a lo más nuevo
shown = { $shown } de { $total } a la vista
ring-dropped = { $count } antiguos descartados
histogram = Eventos a lo largo del tiempo
histogram-says = { $count } eventos como máximo en { $time }
remote = remoto
# Same as in English.
local = local
not-found = no encontrado
detail = Evento
close = Cerrar
field-path = ruta
field-operation = operación
# Same as in English.
field-host = host
field-address = dirección
field-port = puerto
field-protocol = protocolo
field-mode = modo
field-filter = filtro
field-method = método
# Same as in English.
field-variables = variables
field-command = comando
field-parent = padre
field-process = proceso
field-time = hora
field-routing = enrutamiento
field-rule = decidido por
into-session = a los { $time }
show-values = Mostrar valores
hide-values = Ocultar valores
keys-title = Atajos de teclado
keys-hint = ? teclas
keys-anywhere = En todas partes
keys-session = En una sesión
keys-log = En el registro
key-neighbours = Sesión anterior, siguiente
key-theme = Tema siguiente
key-move = Fila siguiente, anterior
key-details = Detalles de la fila
key-pause = Pausar o reanudar
palette = Buscar o ir a
palette-placeholder = Buscar o ir a…
palette-found = { $count ->
    [one] { $count } entrada
    [many] { $count } de entradas
   *[other] { $count } entradas
}
palette-nothing = Nada se llama así.
palette-searching = Buscando en todas las sesiones…
palette-partial = Puede haber más: escribir algo más.
palette-failed = No se pudo buscar en las sesiones.
palette-not-kept = ya no se conserva
actions = Acción
search-view = Filtrar esta tabla
no-row-matches = Nada coincide con el filtro. Quítelo para verlo todo.
covers-all = Recuentos desde el inicio de la sesión
covers-some = Recuentos de { $count } eventos
column-operations = operaciones
column-first = primero
column-last = último
column-destination = destino
column-name = nombre
column-connections = conexiones
column-led-to = llevó a
column-lookups = consultas
column-since = desde
column-arrived = llegó
column-requests = peticiones
column-value = valor
column-fetched = obtenida
# Same as in English.
column-pid = pid
column-ended = fin
tab-summary = Resumen
worth-a-look = Merece una mirada
nothing-stands-out = Nada llama la atención por ahora.
nothing-stood-out = Nada llamó la atención.
show-rows = Filas
found-died = { $command } murió por { $signal }.
found-bind-failed = No se pudo escuchar en el puerto { $port }.
found-refused = Las conexiones a { $destination } fallan.
found-not-followed = Se consultó { $name } y no siguió ninguna conexión.
found-no-answer = { $destination } no responde.
found-again = Se busca { $path } una y otra vez, en vano.
found-denied = No se permite abrir { $path }.
found-nowhere = Se buscó { $name } y no está en ningún sitio.
found-unreached = Ninguna conexión ha llegado al puerto { $port }.
places-count = { $count ->
    [one] { $count } lugar
    [many] { $count } de lugares
   *[other] { $count } lugares
}
files-looked-for = Archivos buscados
processes-died = Procesos que murieron
column-where = dónde
column-result = resultado
column-times = veces
column-traffic = entra / sale
column-listens = escucha en
column-came = llegadas
answer-found = encontrado
answer-written = escrito
answer-denied = sin permiso
answer-connected = conectado
answer-failed = falló
answer-pending = aún sin respuesta
never = nunca
died-of = murió por { $signal }
ended-with = código de salida { $code }
not-listening = no se pudo escuchar
loopback-only = solo loopback
ipv6-only = solo IPv6
failures = { $count } fallidos
failed-only = Solo fallos
with-children = Con sus hijos
follow-process = Seguir { $process }
followed = Solo { $process } y sus hijos, en todas las vistas
all-processes = Todos los procesos
column-folder = carpeta
no-connection-since = sin conexiones desde { $time }
held-by = ocupado por { $process }
listens-no-more = ya no escucha
listeners = Escucha
column-remark = nota
as-tree = Árbol
not-found-count = { $count } no encontrados
paths-count = { $count ->
    [one] { $count } ruta
    [many] { $count } de rutas
   *[other] { $count } rutas
}
files-inside = { $count } dentro
all-paths = Todas las rutas
files-written = Escritos
found-in-place = encontrado en el lugar { $place } de { $total }
looked-for-in = Dónde se buscó { $name }
path-story = Qué pasó con esta ruta
outcome-over-time = Resultado en el tiempo
show-all = Mostrar los { $number }
show-fewer = Mostrar menos
files-empty = Aún no se ha tocado ningún archivo. Las rutas aparecen aquí cuando el programa las abre, lee o busca.
more-events = { $count ->
    [one] { $count } evento de otros, que no cabían
    [many] { $count } de eventos de otros, que no cabían
   *[other] { $count } eventos de otros, que no cabían
}
destinations = Conexiones
destinations-empty = Aún no hay conexiones salientes. Los destinos aparecen aquí en cuanto el programa se conecta.
lookups = Nombres consultados
lookups-empty = Aún no hay consultas DNS. Los nombres aparecen aquí en cuanto el programa busca uno.
column-duration = duración
open-now = abierta
unix-sockets = Sockets Unix
no-connection = sin conexión posterior
sure-likely = probable
sure-perhaps = quizá
sure-note = Qué nombre llevó a una dirección se deduce: el mismo proceso lo consultó hasta 5 s antes de conectarse. Probable: era el único. Quizá: el último de varios.
ports-empty = No hay puertos suscritos. Aparecen aquí cuando el programa escucha y la sesión los atiende.
port-nothing = Suscrito, no ha llegado nada en { $time }
port-nothing-yet = Suscrito, aún no ha llegado nada
port-not-watched = Puerto local: lo que le llega no se observa
all-ports-together = { " " }· de todos los puertos, pues una petición no indica el suyo
requests-count = { $count ->
    [one] { $count } petición
    [many] { $count } de peticiones
   *[other] { $count } peticiones
}
the-last = la última { $time }
requests = Peticiones recibidas
requests-empty = Aún no ha llegado ninguna petición. Envíe una al objetivo; si el filtro la deja pasar, aparece aquí.
environment-empty = No se ha obtenido ninguna variable. Aparecen aquí cuando la sesión obtiene el entorno del objetivo.
variables-count = { $count ->
    [one] { $count } variable
    [many] { $count } de variables
   *[other] { $count } variables
}
value-unknown = solo se conoce el nombre
show-all-values = Mostrar todos los valores
hidden-note = Oculto significa fuera de la vista: un clic muestra un valor. Los programas que pueden usar la API de este mirrord ui los ven igualmente. Nunca se envían a un teléfono.
processes-empty = Aún no se conoce ningún proceso. Aparecen aquí a medida que arrancan en la sesión.
running-count = { $count ->
    [one] { $count } activo
    [many] { $count } activos
   *[other] { $count } activos
}
more-processes = { $count ->
    [one] { $count } más no se conservó
    [many] { $count } más no se conservaron
   *[other] { $count } más no se conservaron
}
still-runs = activo
ran-for = duró { $time }
config-asked = Pidiendo la configuración a la sesión…
config-failed = No se pudo obtener la configuración.
config-none = Esta sesión no usa archivo de configuración. Inicie una con mirrord exec -f mirrord.json para ver aquí sus reglas.
config-no-text = La sesión nombra el archivo, pero no dice qué contiene.
decided-count = { $count ->
    [one] decidió { $count } evento
    [many] decidió { $count } de eventos
   *[other] decidió { $count } eventos
}
default-rules = Reglas que el archivo no nombra
default-rules-note = Decidieron por defecto. Nombrar una en el archivo la sustituye.
what-if = ¿Y si…?
what-if-hint = Editar la configuración y ver qué cambiaría en esta ejecución
what-if-loading = Cargando el evaluador y los eventos de esta ejecución…
what-if-failed = No se pudieron cargar el evaluador o los eventos.
what-if-label = Configuración de prueba
what-if-decided = Eventos decididos de nuevo: { $count }
what-if-range = eventos { $first } a { $last }
what-if-problems = Errores: { $count }. No se decide nada hasta corregirlos.
what-if-at = línea { $line }, columna { $column }
what-if-resolved = Aquí no se conoce el texto de un archivo JSON: esta es la configuración tal como se entendió.
what-if-none = Esta ejecución no tenía configuración: se compara con los valores por defecto de mirrord.
what-if-variables = Variables que tuvieron prioridad sobre el archivo y no están en este texto: { $names }
what-changes = Qué cambia
changes-before = antes
changes-after = después
what-if-same = Decididos como antes: { $count }
what-if-omitted = Y más: { $count }
what-if-missing = Datos que faltan y que solo conoce el clúster o la máquina
what-if-unhooked = Llamadas que mirrord nunca ve: { $count }
suggestions = Sugerencias
suggestions-note = Solo de esta ejecución. Un cambio se fusiona con la configuración.
suggestions-variables = Hay variables de entorno que prevalecen sobre el archivo: no se sugiere ningún cambio.
suggestion-try = Probar en «¿Y si…?»
suggestion-rows = Operaciones: { $count }
suggestion-changed = Decididas de otro modo: { $count }
suggestion-unchanged = No cambia nada en esta ejecución
suggestion-excluded-variable = Excluida, y se usó su valor local
suggestion-uncovered-destination = En ninguna entrada del filtro
suggestion-looks-remote = Buscado aquí en vano; quizá esté en el clúster
suggestion-looks-local = Parece local y se leería en el clúster
suggestion-exists-locally = Existe aquí y se leería en el clúster
suggestion-aws-mapped = Desviado a otro lugar de forma predeterminada
suggestion-unused-port = Se suscribiría, y no llegó nada
suggestion-unused-rule = No decidió nada en esta ejecución
nothing-redirected = No se redirigió nada: el enrutamiento muestra adónde iría cada operación con esta configuración.
never-matched = nunca coincidió
depends = depende
unhooked-static = no interceptado: programa estático
unhooked-loader = no interceptado: por el cargador
download = Descargar
figure-total = eventos
figure-rate = tasa actual
figure-peak = segundo de más carga
figure-lost = perdidos por el camino
figure-withheld = solo como recuento
figure-older = antes del más antiguo guardado
figure-given-up = descartados por el registro de esta página
routing-unknown = esta sesión no lo indica
events-count = { $count ->
    [one] { $count } evento
    [many] { $count } de eventos
   *[other] { $count } eventos
}
chart-hint = Señale el gráfico, o enfóquelo y use las flechas, para leer sus cifras.
each-bar = Una barra son { $time }
as-table = El gráfico como tabla
top-paths = Rutas más tocadas
top-hosts = Nombres más consultados
only-like = Solo como este
hide-like = Ocultar como este
any-process = Cualquier proceso
any-routing = Cualquier enrutamiento
filter-process = Filtrar por proceso
filter-routing = Filtrar por enrutamiento
export = Exportar
export-hint = Guarda las filas mostradas; los valores ocultos se omiten
more-characters = { $count ->
    [one] … { $count } carácter más; la copia los tiene todos
    [many] … { $count } de caracteres más; la copia los tiene todos
   *[other] … { $count } caracteres más; la copia los tiene todos
}
no-namespace = sin namespace
no-key = sin clave
overview = Todas las sesiones
group-by = Agrupar
sort-by = Ordenar
by-status = Estado
by-target = Objetivo
# Same as in English.
by-namespace = Namespace
by-key = Clave
by-nothing = Sin agrupar
sort-newest = Más recientes
sort-name = Nombre
sort-rate = Tasa
sort-events = Eventos
sort-own = Orden propio
column-status = estado
column-session = sesión
column-processes = procesos
column-ports = puertos
column-rate = tasa
column-routing = enrutamiento
column-events = eventos
column-age = edad
routing-mock = simulado
# Same as in English.
routing-error = error
choose-session = Elegir { $session }
chosen-count = { $count ->
    [one] { $count } elegida
    [many] { $count } elegidas
   *[other] { $count } elegidas
}
show-together = Ver juntas
at-most-together = En un registro caben { $count } sesiones como máximo.
clear-chosen = No elegir ninguna
move-session = Mover { $session }: flecha arriba, flecha abajo
moved-to = { $session }: puesto { $place }
menu-of = Acciones de { $session }
details = Detalles
pin = Fijar
unpin = Desfijar
move-up = Subir
move-down = Bajar
pinned-word = fijada
open-on-desktop = abierta en el equipo
key-label = Clave, para agrupar
copy-socket = Copiar ruta del socket
end-ask = Terminar…
end-title = ¿Terminar esta sesión?
end-text = Termina el comando y todos los procesos que inició:
end-force = Se les pide que terminen y, a los 5 s, se les obliga.
end-released = Un mirrord publicado no puede terminar su programa desde aquí, solo su propia API de sesión. Termine el programa por sus procesos:
end-no-process = No se conoce ninguno de sus procesos.
end-now = { $count ->
    [one] Terminar { $count } proceso
    [many] Terminar { $count } de procesos
   *[other] Terminar { $count } procesos
}
end-session = Terminar la sesión
cancel = Cancelar
ending = Terminando…
has-ended = Ha terminado.
still-ending = Aceptó la petición y no ha terminado en 10 s. Lo sigue intentando; esta página mostrará cuándo termina.
end-failed = No se pudo terminar.
dismiss = Descartar
dismiss-all = { $count ->
    [one] Descartar { $count } terminada
    [many] Descartar { $count } de terminadas
   *[other] Descartar las { $count } terminadas
}
dismiss-failed = No se pudo descartar.
rename = Renombrar…
rename-title = Dar nombre a esta sesión
rename-label = Nombre
rename-text = Se muestra allí donde aparece la sesión. Vacío, tiene el nombre con el que empezó, o su comando.
rename-save = Guardar el nombre
audit-named-session = sesión con nombre nuevo
show-more = { $count ->
    [one] Mostrar { $count } más
    [many] Mostrar { $count } más
   *[other] Mostrar { $count } más
}
together = { $count ->
    [one] { $count } sesión junta
    [many] { $count } de sesiones juntas
   *[other] { $count } sesiones juntas
}
legend = Sesiones de este registro
# Same as in English.
of-session = { $session }: { $text }
not-here = no está aquí
key-choose = Elegir la sesión enfocada
keys-overview = En el resumen
mirror-title = Ver en el teléfono
mirror-heading = Sus sesiones en el teléfono
mirror-lead = La misma página, en vivo, en un dispositivo de su red; sin valores secretos.
mirror-settings = Ajustes
mirror-off = Desactivado
mirror-on = Activado, nadie conectado
mirror-connected = { $count ->
    [one] { $count } conectado
    [many] { $count } conectados
   *[other] { $count } conectados
}
mirror-waiting = No accesible ahora
mirror-failed = No se pudo iniciar
mirror-local = Este equipo
mirror-network = Red
mirror-user = Usuario
mirror-password = Contraseña
mirror-from-settings = la de los ajustes
mirror-from-environment = la del entorno
mirror-for-this-run = para esta ejecución
mirror-connected-now = conectado ahora
mirror-no-answer = Sin respuesta. ¿Sigue en marcha mirrord ui?
mirror-pair-title = Vincular un teléfono
mirror-pair-text = Escanee el código con la cámara del teléfono. Admite un dispositivo, una vez, durante cinco minutos.
mirror-pair-off = Active primero el espejo.
mirror-pair = Mostrar un código
mirror-new-code = Código nuevo
mirror-code = Código QR de la dirección de al lado
mirror-time-left = Válido { $time } más
mirror-too-old = Este código ha caducado. Cree otro.
mirror-used-by = Usado por { $device }
mirror-copy-address = Copiar dirección
mirror-devices = Dispositivos
mirror-no-devices = Ningún dispositivo ha iniciado sesión.
mirror-device-name = Nombre del dispositivo
mirror-viewer = solo lectura
mirror-controller = puede terminar sesiones
mirror-grant = Permitir terminar sesiones…
mirror-take-back = Solo lectura
mirror-revoke = Revocar…
mirror-revoke-all = Revocar todos los dispositivos…
mirror-seen = visto { $time }
mirror-signed-in = entró { $time }
mirror-expires = vuelve a entrar en { $time }
mirror-grant-ask = ¿Permitir que «{ $device }» termine sesiones?
mirror-grant-text = Quien lo tenga podrá terminar cualquier sesión y sus procesos, y dar nombre a las sesiones. Sigue sin ver valores secretos.
mirror-grant-go = Permitir terminar sesiones
mirror-revoke-ask = ¿Revocar «{ $device }»?
mirror-revoke-all-ask = ¿Revocar todos los dispositivos?
mirror-revoke-text = Se desconecta al instante. La contraseña sigue igual: cámbiela si alguien no debe tenerla.
mirror-revoke-go = Revocar
mirror-networks = Interfaz de red
mirror-everywhere = Todas las redes
mirror-not-here = { $device } · no está ahora
mirror-port = Puerto
mirror-port-hint = 1 a 65535
mirror-port-wrong = Un número entre 1 y 65535.
mirror-user-hint = Vacío: el del entorno o mirrord.
mirror-password-hint = De 8 a 256 caracteres, nunca visible. Los dispositivos conectados siguen así.
mirror-password-wrong = Debe tener de 8 a 256 caracteres.
mirror-password-set = Definida; escriba otra
mirror-password-none = Aleatoria; escriba la suya
mirror-password-go = Definir
mirror-password-random = Volver a una aleatoria
mirror-tls = Cifrado
mirror-tls-off = Desactivado
mirror-tls-private = Autoridad privada
mirror-tls-own = Certificado propio
mirror-tls-off-hint = Cualquiera en la misma red puede leerlo todo.
mirror-tls-private-hint = Creada en este equipo; el teléfono debe confiar en ella una vez.
mirror-tls-own-hint = Rutas absolutas de dos archivos PEM.
mirror-tls-go = Usar este certificado
mirror-certificate = Certificado
mirror-key = Clave
mirror-trust = Confiar en ella en el teléfono
mirror-trust-open = Abra esto en el teléfono, pasando el aviso:
mirror-trust-compare = Compare esta huella; si difiere, deténgase:
mirror-trust-install = Instale el certificado como dice esa página.
mirror-trust-download = Descargar el certificado
mirror-names = Otros nombres
mirror-names-hint = Otros nombres de host de este equipo, separados por comas.
mirror-auto-start = Iniciar con mirrord ui
mirror-mdns = Anunciar nombre y puerto en la red
mirror-command-lines = Mostrar a los dispositivos las líneas de comandos enteras, también sus contraseñas
mirror-audit = Qué ha pasado
mirror-audit-text = Lo más nuevo primero, sin secretos.
mirror-audit-empty = Nada todavía.
mirror-banner = Espejo de { $machine } · solo lectura
mirror-banner-ends = Espejo de { $machine } · puede terminar sesiones
mirror-sign-out = Cerrar sesión
mirror-sign-in = Iniciar sesión
mirror-turned-out-title = Este dispositivo está desconectado
mirror-turned-out = Se revocó, se cerró la sesión o pasaron sus 30 días. Vuelva a iniciar sesión para seguir.
mirror-turned-out-foot = O escanee un código nuevo del equipo.
mirror-elsewhere-title = Los ajustes están en el equipo
mirror-elsewhere = Abra mirrord ui en el propio equipo.
mirror-values = Los valores se quedan en el equipo; un dispositivo solo recibe los nombres.
audit-started = a la escucha
audit-stopped = detenido
audit-failed = no pudo escuchar
audit-signed-in = inició sesión
audit-sign-in-failed = inicio rechazado
audit-throttled = debe esperar
audit-ticket-made = código creado
audit-paired = vinculado
audit-pairing-failed = código rechazado
audit-signed-out = cerró sesión
audit-revoked = revocado
audit-device-changed = dispositivo modificado
audit-refused = rechazado
audit-ended-session = sesión terminada
audit-settings-changed = ajustes modificados

search-any-column = alguna columna
search-has = { $column } contiene { $value }
search-is = { $column } es { $value }
search-like = { $column } es como { $value }
search-matches = { $column } coincide con { $value }
search-descends = proceso { $process } o uno que inició
search-present = { $column } se conoce
search-and = { $first }, y { $second }
search-or = { $first }, o { $second }
search-not = no: { $what }
search-no-field = No hay ningún campo { $name }
search-did-you-mean = { $problem }; ¿quizá { $name }?
search-no-value = { $field }: no tiene el valor { $value }
search-not-number = { $field }: admite un número o un intervalo, y { $value } no lo es
search-not-time = { $value } no es una hora
search-unfinished = Aún sin terminar: { $part }
search-no-group = Este ) no tiene (
search-too-much = Demasiado para un solo filtro
field-direction = dirección
field-size = tamaño
field-name = nombre
match-place = { $place } de { $total }
match-next = Siguiente resultado
match-previous = Resultado anterior
key-matches = Resultado siguiente o anterior
saved-filters = Filtros guardados
save-filter = Guardar este filtro
filter-name = Nombre
delete-filter = Eliminar { $name }
apply-filter = Filtrar por { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Desde la fila anterior
# Same as in English.
outcome-ok = ok
outcome-denied = sin permiso
outcome-connected = conectado
outcome-failed = falló
outcome-pending = sin respuesta aún
exit-code = salida { $code }
operation-lookup = consulta
bytes-in = { $bytes } recibidos
bytes-out = { $bytes } enviados
repeats = ×{ $count } en { $time }
fold-repeats = Plegar repeticiones
columns = Columnas
column-type = tipo
column-what = qué
column-outcome = resultado
around = ±1 s alrededor
all-times = Todo el tiempo
copy-path = Copiar ruta o dirección
copy-row = Copiar fila
copy-command = Copiar como comando
row-absent = El evento #{ $row } de este enlace no se conserva aquí.
histogram-scale = Las alturas son raíces cuadradas
timeline-hint = Arrastra para elegir un intervalo; con teclas: flechas, Mayús y flechas, Esc
failed-count = { $count ->
   [one] { $count } falló
   [many] { $count } fallaron
  *[other] { $count } fallaron
}
remove-term = Quitar: { $term }
play = Reproducir
moments = Momentos de la grabación
moment-event = evento { $event } de { $total }
whole-record = Grabación completa
speed = Velocidad
comparison = Comparación
compare = Comparar
swap = Intercambiar
compare-again = Comparar de nuevo
nothing-differs = No hay diferencias.
names-alike = Iguales: { $count }
not-compared = Eventos de otros nombres, sin comparar: { $count }
only-first = solo en la primera
only-second = solo en la segunda
changed-between = distinto
other-value = otro valor
just-seen = visto
show-its-events = Mostrar sus eventos
drop-record = Suelta aquí grabaciones para abrirlas
opening-record = Abriendo { $name }…
not-opened = No se abrió { $name }: { $reason }
open-record = Abrir una grabación…
history-title = Historial
record = Grabar
stop-recording = Detener la grabación
record-hint = Guarda la sesión en un archivo de este equipo
save-record = Guardar
save-record-hint = Guarda lo que se conserva de la sesión como grabación, que se abre soltándola en esta página
recording-to = Grabando en { $file }
recording-ended = { $file }: la grabación terminó: { $reason }
history-lead = Sesiones terminadas, guardadas como grabaciones en este equipo. No contienen los valores de las variables.
keep-history = Guardar las sesiones que terminan
search-history = Buscar en el historial
history-off = Las sesiones no se guardan. Actívalo para encontrarlas aquí cuando terminen.
history-empty = Aún no hay nada guardado. Las sesiones aparecen aquí cuando terminan.
history-bytes = { $bytes } de { $limit }
history-days = días como máximo: { $count }
delete = Eliminar
delete-for-good = ¿Eliminar para siempre?
end-group = Terminar todas
end-group-sure = ¿Terminar las { $count }?
otlp-sent = { $sent } enviados a { $endpoint }
