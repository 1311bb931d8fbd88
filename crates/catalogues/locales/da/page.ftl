# Dansk

# Same as in English.
app-name = mirrord
title = Sessionsmonitor
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = ukendt udgave
license-until = til { $date }
license-expired = udløbet { $date }
upgrade = Opgrader til Teams
opens-new-tab = Åbner en ny fane
all-sessions = mirrord, alle sessioner
connecting = Opretter forbindelse
syncing = Synkroniserer
# Same as in English.
live = Live
retrying = Nyt forsøg om { $seconds } s
retrying-now = Nyt forsøg
signed-out = Logget ud
retry-now = Prøv nu
sessions-count = { $count ->
    [one] { $count } session
   *[other] { $count } sessioner
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } tabt
   *[other] { $count } tabt
}
dropped-hint = Hændelser, der gik tabt mellem en session og denne side
preferences = Indstillinger
theme = Tema
theme-is = Tema: { $theme }
# Same as in English.
theme-system = System
theme-light = Lyst
theme-dark = Mørkt
density = Tæthed
density-compact = Kompakt
density-comfortable = Luftig
times = Tider
times-absolute = Klokkeslæt
times-relative = Hvor længe siden
times-since-start = Siden start
language = Sprog
language-of-browser = Som browseren
single-keys = Genveje med én tast
show-env-values = Vis variablers værdier
notify = Giv besked, når en session slutter
notify-blocked = Browseren blokerer denne sides notifikationer: tillad dem i dens indstillinger.
notify-insecure = Notifikationer kræver https eller denne maskines egen browser.
notify-missing = Denne browser har ingen notifikationer.
notify-many = { $count ->
    [one] { $count } session afsluttet
   *[other] { $count } sessioner afsluttet
}
skip = Gå til indholdet
sessions = Sessioner
filter-sessions = Filtrer sessioner
group-live = kører
group-unresponsive = svarer ikke
group-ended = afsluttet
none-matches = Ingen session passer.
more-sessions = { $count ->
    [one] { $count } session mere vises ikke
   *[other] { $count } sessioner mere vises ikke
}
no-command = (kommandoen er ukendt)
targetless = intet mål
processes = { $count ->
    [one] { $count } proces
   *[other] { $count } processer
}
status-live = kører
status-unresponsive = svarer ikke
status-ended = afsluttet
row-started = startet
row-ended = afsluttet
ended-ago = for { $time } siden
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
hours = { $number } t
# Same as in English.
days = { $number } d
empty-title = Ingen session kører
empty-text = Kør dit program under mirrord, så vises det her med det samme:
empty-foot = Sessioner fra en udgivet mirrord findes også.
loading-title = Leder efter sessioner…
loading-sessions = Det tager et øjeblik.
unreachable-title = mirrord ui svarer ikke
unreachable-text = Den er måske stoppet. Start den igen, så kommer siden selv tilbage:
signed-out-title = Du er logget ud
signed-out-text = Siden kræver linket med den kørende mirrord ui’s token. Udskriv det med:
signed-out-foot = Åbn derefter linket i denne browser.
try-again = Prøv igen
stopped-title = Denne side er standset
stopped-text = Noget i den gik galt. Sessionerne fortsætter: genindlæs siden for at se dem. Rapporten hjælper med at rette fejlen.
reload = Genindlæs
copy-report = Kopiér rapport
copy = Kopiér
copied = Kopieret
copy-table = Kopiér som tekst
printed-part = Det, der var synligt, er udskrevet. For alt, brug på siden: { $action }
copy-failed = Markér og kopiér manuelt
copy-id = Kopiér id
copy-json = Kopiér JSON
gone-title = Denne session er her ikke
gone-text = Den blev afsluttet, før mirrord ui startede, er fjernet, eller linket hører til en anden maskine.
back-to-list = Alle sessioner
views = Sessionens visninger
tab-events = Hændelser
tab-files = Filer
tab-network = Netværk
tab-ports = Porte
tab-environment = Miljø
tab-processes = Processer
tab-config = Konfiguration
tab-stats = Statistik
kind-file = filer
# Same as in English.
kind-dns = dns
kind-connect = forbindelser
kind-port = porte
kind-request = anmodninger
kind-env = miljø
kind-process = processer
kind-other = andre
one-file = fil
# Same as in English.
one-dns = dns
one-connect = forbindelse
# Same as in English.
one-port = port
one-request = anmodning
one-env = miljø
one-process = proces
one-other = andet
filter-kinds = Hændelsestyper
chip-hint = Klik viser eller skjuler, Alt-klik viser kun denne
search = Ord, felt:værdi, /regex/
search-label = Søg i hændelserne
bad-pattern = Ugyldigt mønster
# Same as in English.
pause = Pause
resume = Fortsæt
# Same as in English.
plus-waiting = +{ $count }
clear = Ryd
clear-hint = Tømmer denne log. Tallene bliver.
log-label = Sessionens hændelser
log-loading = Henter det hidtidige…
log-failed = Det tidligere kunne ikke hentes.
log-empty = Intet er sket endnu. Hændelser vises her, mens programmet kører.
log-empty-ended = Intet er gemt af denne session.
log-cleared = Ryddet. Nye hændelser vises her.
log-cleared-ended = Ryddet.
undo-clear = Fortryd rydning
requests-not-seen = Forespørgsler kan ikke ses i denne session: den betjener ingen port på et mål.
nothing-seen = Intet af dette blev set, før sessionen sluttede.
before-start = før starten: { $count }
ended-broken = dens mirrord blev dræbt
held-here = mirrord ui kender den ikke længere; siden beholder, hvad den så
stale-foot = Ingen forbindelse
stale-since = Alt herunder er fra { $time }.
stale-signed-out = mirrord ui er startet igen. Udskriv linket, og åbn det i denne browser.
blocked-title = mirrord ui afviser denne adresse
blocked-text = En proxy ændrer Host-headeren. Start mirrord ui, så det kender sidens navn:
socket-title = Live-forbindelsen åbner ikke
socket-text = Forespørgsler besvares, WebSocket på /ws gør ikke: noget undervejs blokerer. Lad WebSockets komme igennem der.
no-cookies-text = Denne browser gemmer ingen cookies her. Udskriv linket med token:
no-cookies-foot = Åbn det så med #token= i stedet for ?token=.
incomplete = Ufuldstændig: det, der går gennem { $means }, ses ikke
log-no-match = Ingen hændelse passer til filteret.
clear-filter = Vis alle
log-searching = Søger…
missed-lost = { $count ->
    [one] { $count } hændelse nåede ikke hertil
   *[other] { $count } hændelser nåede ikke hertil
}
missed-withheld = { $count ->
    [one] { $count } hændelse blev kun meldt som tal
   *[other] { $count } hændelser blev kun meldt som tal
}
missed-older = { $count ->
    [one] { $count } tidligere hændelse er ikke gemt her
   *[other] { $count } tidligere hændelser er ikke gemt her
}
following = Følger med · nyeste nederst
not-following = Følger ikke med
paused = På pause · { $count } venter
ended-foot = Afsluttet
jump = Gå til det nyeste
shown = { $shown } af { $total } vist
ring-dropped = { $count } ældre opgivet
histogram = Hændelser over tid
histogram-says = højst { $count } hændelser på { $time }
# Same as in English.
remote = remote
local = lokalt
not-found = ikke fundet
detail = Hændelse
close = Luk
field-path = sti
# Same as in English.
field-operation = operation
field-host = vært
field-address = adresse
# Same as in English.
field-port = port
field-protocol = protokol
field-mode = tilstand
# Same as in English.
field-filter = filter
field-method = metode
field-variables = variabler
field-command = kommando
field-parent = overordnet
field-process = proces
field-time = tid
field-routing = rute
field-rule = afgjort af
into-session = efter { $time }
show-values = Vis værdier
hide-values = Skjul værdier
keys-title = Tastaturgenveje
keys-hint = ? taster
keys-anywhere = Overalt
keys-session = I en session
keys-log = I loggen
key-neighbours = Forrige, næste session
key-theme = Næste tema
key-move = Næste, forrige række
key-details = Rækkens detaljer
key-pause = Pause eller fortsæt
palette = Søg eller gå til
palette-placeholder = Søg eller gå til…
palette-found = { $count ->
    [one] { $count } punkt
   *[other] { $count } punkter
}
palette-nothing = Intet hedder sådan.
palette-searching = Søger i alle sessioner…
palette-partial = Der kan være flere: skriv mere af det.
palette-failed = Sessionerne kunne ikke gennemsøges.
palette-not-kept = gemmes ikke længere
actions = Handling
search-view = Filtrer denne tabel
no-row-matches = Intet her passer til filteret. Ryd det for at se alt.
covers-all = Tal siden sessionens start
covers-some = Tal fra { $count } hændelser
column-operations = operationer
column-first = første
column-last = sidste
# Same as in English.
column-destination = destination
column-name = navn
column-connections = forbindelser
column-led-to = førte til
column-lookups = opslag
column-since = siden
column-arrived = modtaget
column-requests = anmodninger
column-value = værdi
column-fetched = hentet
# Same as in English.
column-pid = pid
column-ended = afsluttet
tab-summary = Oversigt
worth-a-look = Værd at se på
nothing-stands-out = Intet skiller sig ud endnu.
nothing-stood-out = Intet skilte sig ud.
show-rows = Rækker
found-died = { $command } døde af { $signal }.
found-bind-failed = Der kunne ikke lyttes på port { $port }.
found-refused = Forbindelser til { $destination } mislykkes.
found-not-followed = { $name } blev slået op, og ingen forbindelse fulgte.
found-no-answer = { $destination } svarer ikke.
found-again = { $path } søges igen og igen, forgæves.
found-denied = { $path } må ikke åbnes.
found-nowhere = { $name } blev søgt og ikke fundet nogen steder.
found-unreached = Ingen forbindelse har nået port { $port }.
places-count = { $count ->
    [one] { $count } sted
   *[other] { $count } steder
}
files-looked-for = Søgte filer
processes-died = Processer der døde
column-where = hvor
column-result = resultat
column-times = antal
column-traffic = ind / ud
column-listens = lytter på
column-came = kom
answer-found = fundet
answer-written = skrevet
answer-denied = ingen adgang
answer-connected = forbundet
answer-failed = mislykket
answer-pending = intet svar endnu
never = aldrig
died-of = døde af { $signal }
ended-with = exitkode { $code }
not-listening = kunne ikke lyttes på
loopback-only = kun loopback
ipv6-only = kun IPv6
failures = { $count } mislykket
failed-only = Kun mislykkede
with-children = Med dens børn
follow-process = Følg { $process }
followed = Kun { $process } og dens børn, i alle visninger
all-processes = Alle processer
column-folder = mappe
no-connection-since = ingen forbindelse siden { $time }
held-by = optaget af { $process }
listens-no-more = lytter ikke længere
listeners = Lytter
column-remark = bemærkning
as-tree = Træ
not-found-count = { $count } ikke fundet
paths-count = { $count ->
    [one] { $count } sti
   *[other] { $count } stier
}
files-inside = { $count } heri
all-paths = Alle stier
files-written = Skrevet
found-in-place = fundet på sted { $place } af { $total }
looked-for-in = Hvor { $name } blev søgt
path-story = Hvad der skete med denne sti
outcome-over-time = Resultat over tid
show-all = Vis alle { $number }
show-fewer = Vis færre
files-empty = Ingen fil er rørt endnu. Stier vises her, når programmet åbner, læser eller søger efter dem.
more-events = { $count ->
    [one] { $count } hændelse fra andre, som der ikke var plads til
   *[other] { $count } hændelser fra andre, som der ikke var plads til
}
destinations = Forbindelser
destinations-empty = Ingen udgående forbindelse endnu. Destinationer vises her, så snart programmet opretter forbindelse.
lookups = Efterspurgte navne
lookups-empty = Ingen DNS-forespørgsel endnu. Navne vises her, så snart programmet slår et op.
column-duration = varighed
open-now = åben
unix-sockets = Unix-sockets
no-connection = ingen forbindelse fulgte
sure-likely = sandsynligt
sure-perhaps = måske
sure-note = Hvilket navn der førte til en adresse, er en slutning: Samme proces spurgte om det op til 5 s før forbindelsen. Sandsynligt: Det var det eneste. Måske: det sidste af flere.
ports-empty = Ingen port er abonneret på. Porte vises her, når programmet lytter, og sessionen betjener dem.
port-nothing = Abonneret, intet modtaget i { $time }
port-nothing-yet = Abonneret, intet modtaget endnu
port-not-watched = En lokal port: Det, der når den, overvåges ikke
all-ports-together = { " " }· for alle porte samlet, da en anmodning ikke oplyser sin port
requests-count = { $count ->
    [one] { $count } anmodning
   *[other] { $count } anmodninger
}
the-last = senest { $time }
requests = Modtagne anmodninger
requests-empty = Ingen anmodning endnu. Send en til målet; lader filteret den passere, vises den her.
environment-empty = Ingen variabel er hentet. De vises her, når sessionen henter målets miljø.
variables-count = { $count ->
    [one] { $count } variabel
   *[other] { $count } variabler
}
value-unknown = kun navnet er kendt
show-all-values = Vis alle værdier
hidden-note = Skjult betyder ude af syne: Et klik viser en værdi. Programmer, der må bruge denne mirrord ui’s API, ser dem alligevel. De sendes aldrig til en telefon.
processes-empty = Ingen proces er kendt endnu. Processer vises her, når de starter i sessionen.
running-count = { $count ->
    [one] { $count } kører
   *[other] { $count } kører
}
more-processes = { $count ->
    [one] { $count } mere er ikke gemt
   *[other] { $count } mere er ikke gemt
}
still-runs = kører
ran-for = kørte { $time }
config-asked = Spørger sessionen om dens konfiguration…
config-failed = Konfigurationen kunne ikke hentes.
config-none = Denne session kører uden konfigurationsfil. Start en med mirrord exec -f mirrord.json for at se dens regler her.
config-no-text = Sessionen nævner filen, men siger ikke, hvad der står i den.
decided-count = { $count ->
    [one] afgjorde { $count } hændelse
   *[other] afgjorde { $count } hændelser
}
default-rules = Regler, som filen ikke nævner
default-rules-note = Disse afgjorde som standard. Nævnes en i filen, tilsidesættes den.
what-if = Hvad nu hvis
what-if-hint = Rediger konfigurationen, og se hvad den ville ændre i denne kørsel
what-if-loading = Indlæser evaluatoren og kørslens hændelser…
what-if-failed = Evaluatoren eller hændelserne kunne ikke indlæses.
what-if-label = Konfiguration til afprøvning
what-if-decided = Hændelser afgjort på ny: { $count }
what-if-range = hændelse { $first } til { $last }
what-if-problems = Fejl: { $count }. Intet afgøres, før de er væk.
what-if-at = linje { $line }, kolonne { $column }
what-if-resolved = Teksten i en JSON-fil kendes ikke her: sådan blev konfigurationen forstået.
what-if-none = Kørslen havde ingen konfiguration: der sammenlignes med mirrords standarder.
what-if-variables = Variabler, der gik forud for filen og ikke er i denne tekst: { $names }
what-changes = Hvad der ændres
changes-before = før
changes-after = efter
what-if-same = Afgjort som før: { $count }
what-if-omitted = Og flere: { $count }
what-if-missing = Manglende fakta, som kun klyngen eller maskinen kender
what-if-unhooked = Kald, som mirrord aldrig ser: { $count }
suggestions = Forslag
suggestions-note = Kun fra denne kørsel. En ændring flettes ind i konfigurationen.
suggestions-variables = Miljøvariabler går forud for filen: der foreslås ingen ændring af den.
suggestion-try = Prøv i “Hvad nu hvis”
suggestion-rows = Operationer: { $count }
suggestion-changed = Afgjort anderledes: { $count }
suggestion-unchanged = Ændrer intet i denne kørsel
suggestion-excluded-variable = Udelukket, og dens lokale værdi blev brugt
suggestion-uncovered-destination = I ingen post i filteret
suggestion-looks-remote = Søgt forgæves her; måske er den i klyngen
suggestion-looks-local = Ser lokal ud og ville blive læst i klyngen
suggestion-exists-locally = Findes her og ville blive læst i klyngen
suggestion-aws-mapped = Flyttet et andet sted hen som standard
suggestion-unused-port = Ville abonneres, og intet kom frem
suggestion-unused-rule = Afgjorde intet i denne kørsel
nothing-redirected = Intet blev omdirigeret: routingen viser, hvor hver operation ville gå hen med denne konfiguration.
never-matched = matchede aldrig
depends = afhænger
unhooked-static = ikke opfanget: statisk program
unhooked-loader = ikke opfanget: af loaderen
download = Hent
figure-total = hændelser
figure-rate = hastighed nu
figure-peak = travleste sekund
figure-lost = tabt undervejs
figure-withheld = kun meldt som tal
figure-older = før den ældste gemte
figure-given-up = opgivet af sidens log
routing-unknown = ikke oplyst af denne session
events-count = { $count ->
    [one] { $count } hændelse
   *[other] { $count } hændelser
}
chart-hint = Peg på diagrammet, eller fokusér det og brug piletasterne, for at læse dets tal.
each-bar = En søjle er { $time }
as-table = Diagrammet som tabel
top-paths = Mest brugte stier
top-hosts = Mest efterspurgte navne
only-like = Kun sådanne
hide-like = Skjul sådanne
any-process = Enhver proces
any-routing = Enhver rute
filter-process = Filtrer efter proces
filter-routing = Filtrer efter rute
export = Eksportér
export-hint = Gemmer de viste rækker; skjulte værdier udelades
more-characters = { $count ->
    [one] … { $count } tegn mere; kopien har alle
   *[other] … { $count } tegn mere; kopien har alle
}
no-namespace = intet namespace
no-key = ingen nøgle
overview = Alle sessioner
group-by = Gruppér
sort-by = Sortér
# Same as in English.
by-status = Status
by-target = Mål
# Same as in English.
by-namespace = Namespace
by-key = Nøgle
by-nothing = Ingen
sort-newest = Nyeste
sort-name = Navn
sort-rate = Hastighed
sort-events = Hændelser
sort-own = Egen orden
# Same as in English.
column-status = status
# Same as in English.
column-session = session
column-processes = processer
column-ports = porte
column-rate = hastighed
column-routing = rute
column-events = hændelser
column-age = alder
routing-mock = simuleret
routing-error = fejl
choose-session = Vælg { $session }
chosen-count = { $count ->
    [one] { $count } valgt
   *[other] { $count } valgt
}
show-together = Vis sammen
at-most-together = Højst { $count } sessioner kan vises i én log.
clear-chosen = Fravælg alle
move-session = Flyt { $session }: pil op, pil ned
moved-to = { $session }: plads { $place }
menu-of = Handlinger for { $session }
details = Detaljer
pin = Fastgør
unpin = Frigør
move-up = Flyt op
move-down = Flyt ned
pinned-word = fastgjort
open-on-desktop = åben på computeren
key-label = Nøgle til gruppering
copy-socket = Kopiér socketsti
end-ask = Afslut…
end-title = Afslut denne session?
end-text = Det afslutter kommandoen og alle processer, den har startet:
end-force = De bliver bedt om at slutte og tvinges efter 5 s.
end-released = En udgivet mirrord kan ikke afslutte sit program herfra, kun via sit eget sessions-API. Afslut programmet via dets processer:
end-no-process = Ingen af dens processer kendes.
end-now = { $count ->
    [one] Afslut { $count } proces
   *[other] Afslut { $count } processer
}
end-session = Afslut sessionen
cancel = Annuller
ending = Afslutter…
has-ended = Den er afsluttet.
still-ending = Den tog imod anmodningen, men er ikke afsluttet efter 10 s. Den prøver fortsat; siden viser, når det er sket.
end-failed = Den kunne ikke afsluttes.
dismiss = Fjern
dismiss-all = { $count ->
    [one] Fjern { $count } afsluttet
   *[other] Fjern alle { $count } afsluttede
}
dismiss-failed = Den kunne ikke fjernes.
rename = Omdøb…
rename-title = Giv denne session et navn
rename-label = Navn
rename-text = Vises overalt, hvor sessionen vises. Tomt gælder navnet, den startede med, eller dens kommando.
rename-save = Gem navnet
audit-named-session = session navngivet
show-more = { $count ->
    [one] Vis { $count } mere
   *[other] Vis { $count } mere
}
together = { $count ->
    [one] { $count } session samlet
   *[other] { $count } sessioner samlet
}
legend = Sessioner i denne log
# Same as in English.
of-session = { $session }: { $text }
not-here = ikke her
key-choose = Vælg sessionen i fokus
keys-overview = I oversigten
mirror-title = Vis på din telefon
mirror-heading = Dine sessioner på din telefon
mirror-lead = Samme side, live, på en enhed i dit netværk; uden hemmelige værdier.
mirror-settings = Indstillinger
mirror-off = Fra
mirror-on = Til, ingen tilsluttet
mirror-connected = { $count ->
    [one] { $count } tilsluttet
   *[other] { $count } tilsluttet
}
mirror-waiting = Kan ikke nås nu
mirror-failed = Kunne ikke starte
mirror-local = Denne maskine
mirror-network = Netværk
mirror-user = Brugernavn
mirror-password = Adgangskode
mirror-from-settings = den fra indstillingerne
mirror-from-environment = den fra miljøet
mirror-for-this-run = for denne kørsel
mirror-connected-now = tilsluttet nu
mirror-no-answer = Intet svar. Kører mirrord ui stadig?
mirror-pair-title = Par en telefon
mirror-pair-text = Scan koden med telefonens kamera. Den lukker én enhed ind, én gang, inden for fem minutter.
mirror-pair-off = Slå først spejlet til.
mirror-pair = Vis en kode
mirror-new-code = Ny kode
mirror-code = QR-kode for adressen ved siden af
mirror-time-left = Gyldig i { $time }
mirror-too-old = Koden er for gammel. Lav en ny.
mirror-used-by = Brugt af { $device }
mirror-copy-address = Kopiér adresse
mirror-devices = Enheder
mirror-no-devices = Ingen enhed er logget ind.
mirror-device-name = Enhedens navn
mirror-viewer = kun visning
mirror-controller = må afslutte sessioner
mirror-grant = Lad den afslutte sessioner…
mirror-take-back = Kun visning
mirror-revoke = Tilbagekald…
mirror-revoke-all = Tilbagekald alle enheder…
mirror-seen = sidst set { $time }
mirror-signed-in = logget ind { $time }
mirror-expires = logger ind igen om { $time }
mirror-grant-ask = Lad ”{ $device }” afslutte sessioner?
mirror-grant-text = Den, der har enheden, kan så afslutte enhver session og dens processer og give sessioner navne. Den ser fortsat ingen hemmelige værdier.
mirror-grant-go = Lad den afslutte sessioner
mirror-revoke-ask = Tilbagekald ”{ $device }”?
mirror-revoke-all-ask = Tilbagekald alle enheder?
mirror-revoke-text = Den logges ud med det samme. Adgangskoden består: skift den, hvis nogen ikke bør have den.
mirror-revoke-go = Tilbagekald
mirror-networks = Netværksgrænseflade
mirror-everywhere = Alle netværk
mirror-not-here = { $device } · ikke her nu
# Same as in English.
mirror-port = Port
mirror-port-hint = 1 til 65535
mirror-port-wrong = Et tal mellem 1 og 65535.
mirror-user-hint = Tomt: miljøets eller mirrord.
mirror-password-hint = 8 til 256 tegn, vises aldrig. Indloggede enheder forbliver det.
mirror-password-wrong = Den har 8 til 256 tegn.
mirror-password-set = Angivet; skriv en ny
mirror-password-none = Tilfældig; skriv din egen
mirror-password-go = Angiv
mirror-password-random = Tilbage til en tilfældig
mirror-tls = Kryptering
mirror-tls-off = Fra
mirror-tls-private = Privat certifikatmyndighed
mirror-tls-own = Eget certifikat
mirror-tls-off-hint = Alle på samme netværk kan læse med.
mirror-tls-private-hint = Lavet på denne maskine; telefonen skal stole på den én gang.
mirror-tls-own-hint = Absolutte stier til to PEM-filer.
mirror-tls-go = Brug dette certifikat
mirror-certificate = Certifikat
mirror-key = Nøgle
mirror-trust = Stol på det på en telefon
mirror-trust-open = Åbn dette på telefonen, forbi advarslen:
mirror-trust-compare = Sammenlign dette fingeraftryk; stop, hvis det afviger:
mirror-trust-install = Installér certifikatet som beskrevet på den side.
mirror-trust-download = Hent certifikatet
mirror-names = Andre navne
mirror-names-hint = Maskinens andre værtsnavne, adskilt med komma.
mirror-auto-start = Start med mirrord ui
mirror-mdns = Annoncér navn og port på netværket
mirror-command-lines = Vis enheder hele kommandolinjer, også adgangskoder i dem
mirror-audit = Hvad der er sket
mirror-audit-text = Det nyeste først, uden hemmeligheder.
mirror-audit-empty = Intet endnu.
mirror-banner = Spejl af { $machine } · kun visning
mirror-banner-ends = Spejl af { $machine } · må afslutte sessioner
mirror-sign-out = Log ud
mirror-sign-in = Log ind
mirror-turned-out-title = Denne enhed er logget ud
mirror-turned-out = Den er tilbagekaldt eller logget ud, eller dens 30 dage er gået. Log ind igen for at fortsætte.
mirror-turned-out-foot = Eller scan en ny kode fra computeren.
mirror-elsewhere-title = Indstillingerne er på computeren
mirror-elsewhere = Åbn mirrord ui på selve maskinen.
mirror-values = Værdier bliver på computeren; en enhed får kun navnene.
audit-started = lytter
audit-stopped = stoppet
audit-failed = kunne ikke lytte
audit-signed-in = logget ind
audit-sign-in-failed = login afvist
audit-throttled = bedt om at vente
audit-ticket-made = kode lavet
audit-paired = parret
audit-pairing-failed = kode afvist
audit-signed-out = logget ud
audit-revoked = tilbagekaldt
audit-device-changed = enhed ændret
audit-refused = afvist
audit-ended-session = session afsluttet
audit-settings-changed = indstillinger ændret

search-any-column = en af kolonnerne
search-has = { $column } indeholder { $value }
search-is = { $column } er { $value }
search-like = { $column } ligner { $value }
search-matches = { $column } passer til { $value }
search-descends = proces { $process } eller en, den har startet
search-present = { $column } er kendt
search-and = { $first }, og { $second }
search-or = { $first }, eller { $second }
search-not = ikke: { $what }
search-no-field = Der er intet felt { $name }
search-did-you-mean = { $problem }; mente du { $name }?
search-no-value = { $field }: har ingen værdi { $value }
search-not-number = { $field }: tager et tal eller et interval, og { $value } er ingen af delene
search-not-time = { $value } er intet tidspunkt
search-unfinished = Ikke færdig endnu: { $part }
search-no-group = Denne ) har ingen (
search-too-much = For meget til ét filter
field-direction = retning
field-size = størrelse
field-name = navn
match-place = { $place } af { $total }
match-next = Næste fund
match-previous = Forrige fund
key-matches = Næste eller forrige fund
saved-filters = Gemte filtre
save-filter = Gem dette filter
filter-name = Navn
delete-filter = Slet { $name }
apply-filter = Filtrér efter { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Siden rækken før
# Same as in English.
outcome-ok = ok
outcome-denied = ingen adgang
outcome-connected = forbundet
outcome-failed = mislykket
outcome-pending = intet svar endnu
exit-code = slut { $code }
operation-lookup = opslag
bytes-in = { $bytes } ind
bytes-out = { $bytes } ud
repeats = ×{ $count } på { $time }
fold-repeats = Fold gentagelser
columns = Kolonner
# Same as in English.
column-type = type
column-what = hvad
column-outcome = resultat
around = ±1 s omkring den
all-times = Hele tiden
copy-path = Kopiér sti eller adresse
copy-row = Kopiér række
copy-command = Kopiér som kommando
row-absent = Hændelse #{ $row } i dette link er ikke bevaret her.
histogram-scale = Højder er kvadratrødder
timeline-hint = Træk for et tidsrum; med taster: pile, Shift og pile, Esc
failed-count = { $count ->
   [one] { $count } mislykkedes
  *[other] { $count } mislykkedes
}
remove-term = Fjern: { $term }
play = Afspil
moments = Tidspunkter i optagelsen
moment-event = hændelse { $event } af { $total }
whole-record = Hele optagelsen
speed = Hastighed
comparison = Sammenligning
compare = Sammenlign
swap = Byt om
compare-again = Sammenlign igen
nothing-differs = Ingen forskel.
names-alike = Ens: { $count }
not-compared = Hændelser med flere navne, ikke sammenlignet: { $count }
only-first = kun i den første
only-second = kun i den anden
changed-between = anderledes
other-value = en anden værdi
just-seen = set
show-its-events = Vis dens hændelser
drop-record = Slip optagelser her for at åbne dem
opening-record = Åbner { $name }…
not-opened = { $name } blev ikke åbnet: { $reason }
open-record = Åbn en optagelse…
history-title = Historik
record = Optag
stop-recording = Stop optagelsen
record-hint = Gemmer sessionen i en fil på denne maskine
save-record = Gem
save-record-hint = Gemmer det, der er bevaret af sessionen, som en optagelse, der åbnes ved at slippe den på denne side
recording-to = Optager til { $file }
recording-ended = { $file }: optagelsen er slut: { $reason }
history-lead = Afsluttede sessioner, gemt som optagelser på denne maskine. Variablernes værdier er ikke med.
keep-history = Gem sessioner, der slutter
search-history = Søg i historikken
history-off = Sessioner gemmes ikke. Slå det til for at finde dem her, når de er slut.
history-empty = Intet er gemt endnu. Sessioner vises her, når de er slut.
history-bytes = { $bytes } af { $limit }
history-days = højst dage: { $count }
delete = Slet
delete-for-good = Slet for altid?
end-group = Afslut alle
end-group-sure = Afslut alle { $count }?
otlp-sent = { $sent } sendt til { $endpoint }
