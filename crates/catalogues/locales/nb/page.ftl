# Norsk bokmål

# Same as in English.
app-name = mirrord
title = Øktmonitor
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = ukjent utgave
license-until = til { $date }
license-expired = utløpt { $date }
upgrade = Oppgrader til Teams
opens-new-tab = Åpner en ny fane
all-sessions = mirrord, alle økter
connecting = Kobler til
syncing = Synkroniserer
live = Direkte
retrying = Nytt forsøk om { $seconds } s
retrying-now = Nytt forsøk
signed-out = Logget ut
retry-now = Prøv nå
sessions-count = { $count ->
    [one] { $count } økt
   *[other] { $count } økter
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } tapt
   *[other] { $count } tapt
}
dropped-hint = Hendelser som gikk tapt mellom en økt og denne siden
preferences = Innstillinger
theme = Tema
theme-is = Tema: { $theme }
# Same as in English.
theme-system = System
theme-light = Lyst
theme-dark = Mørkt
density = Tetthet
density-compact = Kompakt
density-comfortable = Luftig
times = Tider
times-absolute = Klokkeslett
times-relative = Hvor lenge siden
times-since-start = Siden start
language = Språk
language-of-browser = Som nettleseren
single-keys = Snarveier med én tast
show-env-values = Vis variablers verdier
notify = Varsle når en økt avsluttes
notify-blocked = Nettleseren blokkerer varsler fra denne siden: tillat dem i innstillingene.
notify-insecure = Varsler krever https, eller denne maskinens egen nettleser.
notify-missing = Denne nettleseren har ingen varsler.
notify-many = { $count ->
    [one] { $count } økt avsluttet
   *[other] { $count } økter avsluttet
}
skip = Gå til innholdet
sessions = Økter
filter-sessions = Filtrer økter
group-live = kjører
group-unresponsive = svarer ikke
group-ended = avsluttet
none-matches = Ingen økt passer.
more-sessions = { $count ->
    [one] { $count } økt til vises ikke
   *[other] { $count } økter til vises ikke
}
no-command = (kommandoen er ukjent)
targetless = uten mål
processes = { $count ->
    [one] { $count } prosess
   *[other] { $count } prosesser
}
status-live = kjører
status-unresponsive = svarer ikke
status-ended = avsluttet
row-started = startet
row-ended = avsluttet
ended-ago = for { $time } siden
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
hours = { $number } t
# Same as in English.
days = { $number } d
empty-title = Ingen økt kjører
empty-text = Kjør programmet under mirrord, så vises det her med en gang:
empty-foot = Økter fra en utgitt mirrord blir også funnet.
loading-title = Leter etter økter…
loading-sessions = Det tar et øyeblikk.
unreachable-title = mirrord ui svarer ikke
unreachable-text = Den er kanskje stoppet. Start den igjen, så kommer siden tilbake av seg selv:
signed-out-title = Du er logget ut
signed-out-text = Siden trenger lenken med tokenet til mirrord ui som kjører. Skriv den ut med:
signed-out-foot = Åpne deretter lenken i denne nettleseren.
try-again = Prøv igjen
stopped-title = Denne siden har stoppet
stopped-text = Noe gikk galt i den. Øktene fortsetter: last siden på nytt for å se dem. Rapporten hjelper med å rette feilen.
reload = Last på nytt
copy-report = Kopier rapport
copy = Kopier
copied = Kopiert
copy-table = Kopier som tekst
printed-part = Det som var synlig, er skrevet ut. For alt, bruk på siden: { $action }
copy-failed = Merk og kopier manuelt
copy-id = Kopier id
copy-json = Kopier JSON
gone-title = Denne økten er ikke her
gone-text = Den ble avsluttet før mirrord ui startet, er fjernet, eller lenken hører til en annen maskin.
back-to-list = Alle økter
views = Visninger av økten
tab-events = Hendelser
tab-files = Filer
tab-network = Nettverk
tab-ports = Porter
tab-environment = Miljø
tab-processes = Prosesser
tab-config = Konfigurasjon
tab-stats = Statistikk
kind-file = filer
# Same as in English.
kind-dns = dns
kind-connect = tilkoblinger
kind-port = porter
kind-request = forespørsler
kind-env = miljø
kind-process = prosesser
kind-other = andre
one-file = fil
# Same as in English.
one-dns = dns
one-connect = tilkobling
# Same as in English.
one-port = port
one-request = forespørsel
one-env = miljø
one-process = prosess
one-other = annet
filter-kinds = Hendelsestyper
chip-hint = Klikk viser eller skjuler, Alt-klikk viser bare denne
search = Ord, felt:verdi, /regex/
search-label = Søk i hendelsene
bad-pattern = Ugyldig mønster
# Same as in English.
pause = Pause
resume = Fortsett
# Same as in English.
plus-waiting = +{ $count }
clear = Tøm
clear-hint = Tømmer denne loggen. Tallene blir stående.
log-label = Hendelser i økten
log-loading = Henter det som har skjedd…
log-failed = Det som skjedde før, kunne ikke hentes.
log-empty = Ingenting har skjedd ennå. Hendelser vises her mens programmet kjører.
log-empty-ended = Ingenting er bevart fra denne økten.
log-cleared = Tømt. Nye hendelser vises her.
log-cleared-ended = Tømt.
undo-clear = Angre tømming
requests-not-seen = Forespørsler kan ikke ses i denne økten: den betjener ingen port på et mål.
nothing-seen = Ingenting av dette ble sett før økten sluttet.
before-start = før starten: { $count }
ended-broken = dens mirrord ble drept
held-here = mirrord ui kjenner den ikke lenger; siden beholder det den så
stale-foot = Ingen forbindelse
stale-since = Alt under er fra { $time }.
stale-signed-out = mirrord ui er startet på nytt. Skriv ut lenken og åpne den i denne nettleseren.
blocked-title = mirrord ui avviser denne adressen
blocked-text = En proxy endrer Host-headeren. Start mirrord ui slik at det kjenner sidens navn:
socket-title = Live-forbindelsen åpnes ikke
socket-text = Forespørsler blir besvart, WebSocket på /ws blir det ikke: noe underveis sperrer. Slipp WebSockets gjennom der.
no-cookies-text = Denne nettleseren lagrer ingen cookies her. Skriv ut lenken med token:
no-cookies-foot = Åpne den så med #token= i stedet for ?token=.
incomplete = Ufullstendig: det som går gjennom { $means }, ses ikke
log-no-match = Ingen hendelse passer til filteret.
clear-filter = Vis alle
log-searching = Søker…
missed-lost = { $count ->
    [one] { $count } hendelse kom ikke fram hit
   *[other] { $count } hendelser kom ikke fram hit
}
missed-withheld = { $count ->
    [one] { $count } hendelse ble bare meldt som tall
   *[other] { $count } hendelser ble bare meldt som tall
}
missed-older = { $count ->
    [one] { $count } tidligere hendelse er ikke bevart her
   *[other] { $count } tidligere hendelser er ikke bevart her
}
following = Følger med · nyeste nederst
not-following = Følger ikke med
paused = På pause · { $count } venter
ended-foot = Avsluttet
jump = Gå til det nyeste
shown = { $shown } av { $total } vist
ring-dropped = { $count } eldre gitt opp
histogram = Hendelser over tid
histogram-says = høyst { $count } hendelser på { $time }
# Same as in English.
remote = remote
local = lokalt
not-found = ikke funnet
detail = Hendelse
close = Lukk
field-path = sti
field-operation = operasjon
field-host = vert
field-address = adresse
# Same as in English.
field-port = port
field-protocol = protokoll
field-mode = modus
# Same as in English.
field-filter = filter
field-method = metode
field-variables = variabler
field-command = kommando
field-parent = overordnet
field-process = prosess
field-time = tid
field-routing = rute
field-rule = avgjort av
into-session = etter { $time }
show-values = Vis verdier
hide-values = Skjul verdier
keys-title = Tastatursnarveier
keys-hint = ? taster
keys-anywhere = Overalt
keys-session = I en økt
keys-log = I loggen
key-neighbours = Forrige, neste økt
key-theme = Neste tema
key-move = Neste, forrige rad
key-details = Detaljer om raden
key-pause = Pause eller fortsett
palette = Søk eller gå til
palette-placeholder = Søk eller gå til…
palette-found = { $count ->
    [one] { $count } oppføring
   *[other] { $count } oppføringer
}
palette-nothing = Ingenting heter det.
palette-searching = Søker i alle økter…
palette-partial = Det kan være flere: skriv mer av det.
palette-failed = Øktene kunne ikke gjennomsøkes.
palette-not-kept = beholdes ikke lenger
actions = Handling
search-view = Filtrer denne tabellen
no-row-matches = Ingenting her passer til filteret. Fjern det for å se alt.
covers-all = Tall siden økten startet
covers-some = Tall fra { $count } hendelser
column-operations = operasjoner
column-first = første
column-last = siste
column-destination = destinasjon
column-name = navn
column-connections = tilkoblinger
column-led-to = førte til
column-lookups = oppslag
column-since = siden
column-arrived = mottatt
column-requests = forespørsler
column-value = verdi
column-fetched = hentet
# Same as in English.
column-pid = pid
column-ended = avsluttet
tab-summary = Oversikt
worth-a-look = Verdt å se på
nothing-stands-out = Ingenting skiller seg ut så langt.
nothing-stood-out = Ingenting skilte seg ut.
show-rows = Rader
found-died = { $command } døde av { $signal }.
found-bind-failed = Kunne ikke lytte på port { $port }.
found-refused = Tilkoblinger til { $destination } mislykkes.
found-not-followed = { $name } ble slått opp, og ingen tilkobling fulgte.
found-no-answer = { $destination } svarer ikke.
found-again = { $path } letes etter igjen og igjen, forgjeves.
found-denied = { $path } kan ikke åpnes: ingen tilgang.
found-nowhere = { $name } ble lett etter og ikke funnet noe sted.
found-unreached = Ingen tilkobling har nådd port { $port }.
places-count = { $count ->
    [one] { $count } sted
   *[other] { $count } steder
}
files-looked-for = Filer det ble lett etter
processes-died = Prosesser som døde
column-where = hvor
column-result = resultat
column-times = antall
column-traffic = inn / ut
column-listens = lytter på
column-came = kom
answer-found = funnet
answer-written = skrevet
answer-denied = ingen tilgang
answer-connected = tilkoblet
answer-failed = mislyktes
answer-pending = ikke noe svar ennå
never = aldri
died-of = døde av { $signal }
ended-with = avslutningskode { $code }
not-listening = kunne ikke lyttes på
loopback-only = bare loopback
ipv6-only = bare IPv6
failures = { $count } mislyktes
failed-only = Bare mislykkede
with-children = Med dens barn
follow-process = Følg { $process }
followed = Bare { $process } og dens barn, i alle visninger
all-processes = Alle prosesser
column-folder = mappe
no-connection-since = ingen tilkobling siden { $time }
held-by = opptatt av { $process }
listens-no-more = lytter ikke lenger
listeners = Lytter
column-remark = merknad
as-tree = Tre
not-found-count = { $count } ikke funnet
paths-count = { $count ->
    [one] { $count } sti
   *[other] { $count } stier
}
files-inside = { $count } inni
all-paths = Alle stier
files-written = Skrevet
found-in-place = funnet på sted { $place } av { $total }
looked-for-in = Hvor { $name } ble søkt
path-story = Hva som skjedde med denne stien
outcome-over-time = Resultat over tid
show-all = Vis alle { $number }
show-fewer = Vis færre
files-empty = Ingen fil er rørt ennå. Stier vises her når programmet åpner, leser eller leter etter dem.
more-events = { $count ->
    [one] { $count } hendelse fra andre som det ikke var plass til
   *[other] { $count } hendelser fra andre som det ikke var plass til
}
destinations = Tilkoblinger
destinations-empty = Ingen utgående tilkobling ennå. Destinasjoner vises her så snart programmet kobler seg til.
lookups = Etterspurte navn
lookups-empty = Ingen DNS-spørring ennå. Navn vises her så snart programmet slår opp et.
column-duration = varighet
open-now = åpen
unix-sockets = Unix-sokler
no-connection = ingen tilkobling fulgte
sure-likely = sannsynlig
sure-perhaps = kanskje
sure-note = Hvilket navn som førte til en adresse, er en slutning: Samme prosess spurte om det opptil 5 s før tilkoblingen. Sannsynlig: Det var det eneste. Kanskje: det siste av flere.
ports-empty = Ingen port er abonnert på. Porter vises her når programmet lytter og økten betjener dem.
port-nothing = Abonnert, ingenting mottatt på { $time }
port-nothing-yet = Abonnert, ingenting mottatt ennå
port-not-watched = En lokal port: Det som når den, overvåkes ikke
all-ports-together = { " " }· for alle porter samlet, siden en forespørsel ikke oppgir porten sin
requests-count = { $count ->
    [one] { $count } forespørsel
   *[other] { $count } forespørsler
}
the-last = sist { $time }
requests = Mottatte forespørsler
requests-empty = Ingen forespørsel ennå. Send en til målet; slipper filteret den gjennom, vises den her.
environment-empty = Ingen variabel er hentet. De vises her når økten henter miljøet til målet.
variables-count = { $count ->
    [one] { $count } variabel
   *[other] { $count } variabler
}
value-unknown = bare navnet er kjent
show-all-values = Vis alle verdier
hidden-note = Skjult betyr ute av syne: Et klikk viser en verdi. Programmer som får bruke API-et til denne mirrord ui, ser dem likevel. De sendes aldri til en telefon.
processes-empty = Ingen prosess er kjent ennå. Prosesser vises her når de starter i økten.
running-count = { $count ->
    [one] { $count } kjører
   *[other] { $count } kjører
}
more-processes = { $count ->
    [one] { $count } til er ikke bevart
   *[other] { $count } til er ikke bevart
}
still-runs = kjører
ran-for = kjørte { $time }
config-asked = Spør økten om konfigurasjonen…
config-failed = Konfigurasjonen kunne ikke hentes.
config-none = Denne økten kjører uten konfigurasjonsfil. Start en med mirrord exec -f mirrord.json for å se reglene her.
config-no-text = Økten navngir filen, men sier ikke hva som står i den.
decided-count = { $count ->
    [one] avgjorde { $count } hendelse
   *[other] avgjorde { $count } hendelser
}
default-rules = Regler som filen ikke nevner
default-rules-note = Disse avgjorde som standard. Nevnes en i filen, overstyres den.
what-if = Hva om
what-if-hint = Rediger konfigurasjonen, og se hva den ville endret i denne kjøringen
what-if-loading = Laster evaluatoren og hendelsene i denne kjøringen…
what-if-failed = Evaluatoren eller hendelsene kunne ikke lastes.
what-if-label = Konfigurasjon å prøve
what-if-decided = Hendelser avgjort på nytt: { $count }
what-if-range = hendelse { $first } til { $last }
what-if-problems = Feil: { $count }. Ingenting avgjøres før de er borte.
what-if-at = linje { $line }, kolonne { $column }
what-if-resolved = Teksten i en JSON-fil er ikke kjent her: slik ble konfigurasjonen forstått.
what-if-none = Kjøringen hadde ingen konfigurasjon: den sammenlignes med standardene til mirrord.
what-if-variables = Variabler som gikk foran filen og ikke er i denne teksten: { $names }
what-changes = Hva som endres
changes-before = før
changes-after = etter
what-if-same = Avgjort som før: { $count }
what-if-omitted = Og flere: { $count }
what-if-missing = Manglende fakta som bare klyngen eller maskinen kjenner
what-if-unhooked = Kall som mirrord aldri ser: { $count }
suggestions = Forslag
suggestions-note = Bare fra denne kjøringen. En endring flettes inn i konfigurasjonen.
suggestions-variables = Miljøvariabler går foran filen: ingen endring av den foreslås.
suggestion-try = Prøv i «Hva om»
suggestion-rows = Operasjoner: { $count }
suggestion-changed = Avgjort annerledes: { $count }
suggestion-unchanged = Endrer ingenting i denne kjøringen
suggestion-excluded-variable = Utelatt, og den lokale verdien ble brukt
suggestion-uncovered-destination = I ingen oppføring i filteret
suggestion-looks-remote = Lett etter her forgjeves; kanskje den er i klyngen
suggestion-looks-local = Ser lokal ut og ville blitt lest i klyngen
suggestion-exists-locally = Finnes her og ville blitt lest i klyngen
suggestion-aws-mapped = Flyttet til et annet sted som standard
suggestion-unused-port = Ville blitt abonnert på, og ingenting kom
suggestion-unused-rule = Avgjorde ingenting i denne kjøringen
nothing-redirected = Ingenting ble omdirigert: rutingen viser hvor hver operasjon ville gått med denne konfigurasjonen.
never-matched = traff aldri
depends = avhenger
unhooked-static = ikke fanget opp: statisk program
unhooked-loader = ikke fanget opp: av lasteren
download = Last ned
figure-total = hendelser
figure-rate = rate nå
figure-peak = travleste sekund
figure-lost = tapt underveis
figure-withheld = bare meldt som tall
figure-older = før den eldste bevarte
figure-given-up = gitt opp av sidens logg
routing-unknown = ikke oppgitt av denne økten
events-count = { $count ->
    [one] { $count } hendelse
   *[other] { $count } hendelser
}
chart-hint = Pek på diagrammet, eller fokuser det og bruk piltastene, for å lese tallene.
each-bar = En søyle er { $time }
as-table = Diagrammet som tabell
top-paths = Mest brukte stier
top-hosts = Mest etterspurte navn
only-like = Bare slike
hide-like = Skjul slike
any-process = Enhver prosess
any-routing = Enhver rute
filter-process = Filtrer etter prosess
filter-routing = Filtrer etter rute
export = Eksporter
export-hint = Lagrer radene som vises; skjulte verdier utelates
more-characters = { $count ->
    [one] … { $count } tegn til; kopien har alle
   *[other] … { $count } tegn til; kopien har alle
}
no-namespace = uten namespace
no-key = ingen nøkkel
overview = Alle økter
group-by = Grupper
sort-by = Sorter
# Same as in English.
by-status = Status
by-target = Mål
# Same as in English.
by-namespace = Namespace
by-key = Nøkkel
by-nothing = Ingen
sort-newest = Nyeste
sort-name = Navn
# Same as in English.
sort-rate = Rate
sort-events = Hendelser
sort-own = Egen rekkefølge
# Same as in English.
column-status = status
column-session = økt
column-processes = prosesser
column-ports = porter
# Same as in English.
column-rate = rate
column-routing = rute
column-events = hendelser
column-age = alder
routing-mock = simulert
routing-error = feil
choose-session = Velg { $session }
chosen-count = { $count ->
    [one] { $count } valgt
   *[other] { $count } valgt
}
show-together = Vis sammen
at-most-together = Høyst { $count } økter får plass i én logg.
clear-chosen = Fjern alle valg
move-session = Flytt { $session }: pil opp, pil ned
moved-to = { $session }: plass { $place }
menu-of = Handlinger for { $session }
details = Detaljer
pin = Fest
unpin = Løsne
move-up = Flytt opp
move-down = Flytt ned
pinned-word = festet
open-on-desktop = åpen på datamaskinen
key-label = Nøkkel for gruppering
copy-socket = Kopier socketsti
end-ask = Avslutt…
end-title = Avslutte denne økten?
end-text = Dette avslutter kommandoen og alle prosesser den har startet:
end-force = De blir bedt om å avslutte, og tvinges etter 5 s.
end-released = En utgitt mirrord kan ikke avslutte programmet sitt herfra, bare med sitt eget økt-API. Avslutt programmet via prosessene:
end-no-process = Ingen av prosessene er kjent.
end-now = { $count ->
    [one] Avslutt { $count } prosess
   *[other] Avslutt { $count } prosesser
}
end-session = Avslutt økten
cancel = Avbryt
ending = Avslutter…
has-ended = Den er avsluttet.
still-ending = Den tok imot forespørselen, men er ikke avsluttet etter 10 s. Den prøver fortsatt; siden viser når det er gjort.
end-failed = Den kunne ikke avsluttes.
dismiss = Fjern
dismiss-all = { $count ->
    [one] Fjern { $count } avsluttet
   *[other] Fjern alle { $count } avsluttede
}
dismiss-failed = Den kunne ikke fjernes.
rename = Gi nytt navn…
rename-title = Gi denne økten et navn
rename-label = Navn
rename-text = Vises overalt der økten vises. Tomt gjelder navnet den startet med, eller kommandoen.
rename-save = Lagre navnet
audit-named-session = økt navngitt
show-more = { $count ->
    [one] Vis { $count } til
   *[other] Vis { $count } til
}
together = { $count ->
    [one] { $count } økt sammen
   *[other] { $count } økter sammen
}
legend = Økter i denne loggen
# Same as in English.
of-session = { $session }: { $text }
not-here = ikke her
key-choose = Velg økten i fokus
keys-overview = I oversikten
mirror-title = Vis på telefonen
mirror-heading = Øktene dine på telefonen
mirror-lead = Samme side, direkte, på en enhet i nettverket ditt; uten hemmelige verdier.
mirror-settings = Innstillinger
mirror-off = Av
mirror-on = På, ingen tilkoblet
mirror-connected = { $count ->
    [one] { $count } tilkoblet
   *[other] { $count } tilkoblet
}
mirror-waiting = Kan ikke nås nå
mirror-failed = Kunne ikke starte
mirror-local = Denne maskinen
mirror-network = Nettverk
mirror-user = Brukernavn
mirror-password = Passord
mirror-from-settings = det fra innstillingene
mirror-from-environment = det fra miljøet
mirror-for-this-run = for denne kjøringen
mirror-connected-now = tilkoblet nå
mirror-no-answer = Ingen svar. Kjører mirrord ui fortsatt?
mirror-pair-title = Par en telefon
mirror-pair-text = Skann koden med telefonens kamera. Den slipper inn én enhet, én gang, innen fem minutter.
mirror-pair-off = Slå på speilet først.
mirror-pair = Vis en kode
mirror-new-code = Ny kode
mirror-code = QR-kode for adressen ved siden av
mirror-time-left = Gyldig i { $time }
mirror-too-old = Koden er for gammel. Lag en ny.
mirror-used-by = Brukt av { $device }
mirror-copy-address = Kopier adresse
mirror-devices = Enheter
mirror-no-devices = Ingen enhet er logget inn.
mirror-device-name = Navn på enheten
mirror-viewer = bare visning
mirror-controller = kan avslutte økter
mirror-grant = La den avslutte økter…
mirror-take-back = Bare visning
mirror-revoke = Trekk tilbake…
mirror-revoke-all = Trekk tilbake alle enheter…
mirror-seen = sist sett { $time }
mirror-signed-in = logget inn { $time }
mirror-expires = må logge inn igjen om { $time }
mirror-grant-ask = La «{ $device }» avslutte økter?
mirror-grant-text = Den som har enheten, kan da avslutte enhver økt og prosessene i den og gi økter navn. Den ser fortsatt ingen hemmelige verdier.
mirror-grant-go = La den avslutte økter
mirror-revoke-ask = Trekke tilbake «{ $device }»?
mirror-revoke-all-ask = Trekke tilbake alle enheter?
mirror-revoke-text = Den logges ut med en gang. Passordet består: bytt det hvis noen ikke bør ha det.
mirror-revoke-go = Trekk tilbake
mirror-networks = Nettverksgrensesnitt
mirror-everywhere = Alle nettverk
mirror-not-here = { $device } · ikke her nå
# Same as in English.
mirror-port = Port
mirror-port-hint = 1 til 65535
mirror-port-wrong = Et tall mellom 1 og 65535.
mirror-user-hint = Tomt: miljøets eller mirrord.
mirror-password-hint = 8 til 256 tegn, vises aldri. Innloggede enheter forblir innlogget.
mirror-password-wrong = Det har 8 til 256 tegn.
mirror-password-set = Angitt; skriv et nytt
mirror-password-none = Tilfeldig; skriv ditt eget
mirror-password-go = Angi
mirror-password-random = Tilbake til et tilfeldig
mirror-tls = Kryptering
mirror-tls-off = Av
mirror-tls-private = Privat sertifikatutsteder
mirror-tls-own = Eget sertifikat
mirror-tls-off-hint = Alle på samme nettverk kan lese med.
mirror-tls-private-hint = Laget på denne maskinen; telefonen må stole på den én gang.
mirror-tls-own-hint = Absolutte stier til to PEM-filer.
mirror-tls-go = Bruk dette sertifikatet
mirror-certificate = Sertifikat
mirror-key = Nøkkel
mirror-trust = Stol på det på en telefon
mirror-trust-open = Åpne dette på telefonen, forbi advarselen:
mirror-trust-compare = Sammenlign dette fingeravtrykket; stopp hvis det avviker:
mirror-trust-install = Installer sertifikatet slik den siden sier.
mirror-trust-download = Last ned sertifikatet
mirror-names = Andre navn
mirror-names-hint = Maskinens andre vertsnavn, med komma mellom.
mirror-auto-start = Start med mirrord ui
mirror-mdns = Kunngjør navn og port på nettverket
mirror-command-lines = Vis enheter hele kommandolinjer, også passord i dem
mirror-audit = Hva som har skjedd
mirror-audit-text = Det nyeste først, uten hemmeligheter.
mirror-audit-empty = Ingenting ennå.
mirror-banner = Speil av { $machine } · bare visning
mirror-banner-ends = Speil av { $machine } · kan avslutte økter
mirror-sign-out = Logg ut
mirror-sign-in = Logg inn
mirror-turned-out-title = Denne enheten er logget ut
mirror-turned-out = Den er trukket tilbake eller logget ut, eller de 30 dagene er over. Logg inn igjen for å fortsette.
mirror-turned-out-foot = Eller skann en ny kode fra datamaskinen.
mirror-elsewhere-title = Innstillingene er på datamaskinen
mirror-elsewhere = Åpne mirrord ui på selve maskinen.
mirror-values = Verdier blir på datamaskinen; en enhet får bare navnene.
audit-started = lytter
audit-stopped = stoppet
audit-failed = kunne ikke lytte
audit-signed-in = logget inn
audit-sign-in-failed = innlogging avvist
audit-throttled = bedt om å vente
audit-ticket-made = kode laget
audit-paired = paret
audit-pairing-failed = kode avvist
audit-signed-out = logget ut
audit-revoked = trukket tilbake
audit-device-changed = enhet endret
audit-refused = avvist
audit-ended-session = økt avsluttet
audit-settings-changed = innstillinger endret

search-any-column = en av kolonnene
search-has = { $column } inneholder { $value }
search-is = { $column } er { $value }
search-like = { $column } ligner { $value }
search-matches = { $column } passer til { $value }
search-descends = prosess { $process } eller en den har startet
search-present = { $column } er kjent
search-and = { $first }, og { $second }
search-or = { $first }, eller { $second }
search-not = ikke: { $what }
search-no-field = Det finnes ikke noe felt { $name }
search-did-you-mean = { $problem }; mente du { $name }?
search-no-value = { $field }: har ingen verdi { $value }
search-not-number = { $field }: tar et tall eller et område, og { $value } er ingen av delene
search-not-time = { $value } er ikke et tidspunkt
search-unfinished = Ikke ferdig ennå: { $part }
search-no-group = Denne ) har ingen (
search-too-much = For mye for ett filter
field-direction = retning
field-size = størrelse
field-name = navn
match-place = { $place } av { $total }
match-next = Neste treff
match-previous = Forrige treff
key-matches = Neste eller forrige treff
saved-filters = Lagrede filtre
save-filter = Lagre dette filteret
filter-name = Navn
delete-filter = Slett { $name }
apply-filter = Filtrer etter { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Siden raden før
# Same as in English.
outcome-ok = ok
outcome-denied = ingen tilgang
outcome-connected = tilkoblet
outcome-failed = mislyktes
outcome-pending = ikke noe svar ennå
exit-code = slutt { $code }
operation-lookup = oppslag
bytes-in = { $bytes } inn
bytes-out = { $bytes } ut
repeats = ×{ $count } på { $time }
fold-repeats = Fold gjentakelser
columns = Kolonner
# Same as in English.
column-type = type
column-what = hva
column-outcome = resultat
around = ±1 s rundt den
all-times = Hele tiden
copy-path = Kopier sti eller adresse
copy-row = Kopier rad
copy-command = Kopier som kommando
row-absent = Hendelse #{ $row } i denne lenken er ikke bevart her.
histogram-scale = Høyder er kvadratrøtter
timeline-hint = Dra for et tidsrom; med taster: piler, Shift og piler, Esc
failed-count = { $count ->
   [one] { $count } mislyktes
  *[other] { $count } mislyktes
}
remove-term = Fjern: { $term }
play = Spill av
moments = Tidspunkter i opptaket
moment-event = hendelse { $event } av { $total }
whole-record = Hele opptaket
speed = Hastighet
comparison = Sammenligning
compare = Sammenlign
swap = Bytt om
compare-again = Sammenlign på nytt
nothing-differs = Ingen forskjell.
names-alike = Like: { $count }
not-compared = Hendelser med flere navn, ikke sammenlignet: { $count }
only-first = bare i den første
only-second = bare i den andre
changed-between = annerledes
other-value = en annen verdi
just-seen = sett
show-its-events = Vis hendelsene
drop-record = Slipp opptak her for å åpne dem
opening-record = Åpner { $name }…
not-opened = { $name } ble ikke åpnet: { $reason }
open-record = Åpne et opptak…
history-title = Historikk
record = Ta opp
stop-recording = Stopp opptaket
record-hint = Lagrer økten i en fil på denne maskinen
save-record = Lagre
save-record-hint = Lagrer det som er bevart av økten som et opptak, som åpnes når det slippes på denne siden
recording-to = Tar opp til { $file }
recording-ended = { $file }: opptaket er avsluttet: { $reason }
history-lead = Avsluttede økter, lagret som opptak på denne maskinen. Verdier av variabler er ikke med.
keep-history = Ta vare på økter som avsluttes
search-history = Søk i historikken
history-off = Økter tas ikke vare på. Slå det på for å finne dem her etter at de er avsluttet.
history-empty = Ingenting er lagret ennå. Økter vises her når de er avsluttet.
history-bytes = { $bytes } av { $limit }
history-days = høyst dager: { $count }
delete = Slett
delete-for-good = Slette for godt?
end-group = Avslutt alle
end-group-sure = Avslutte alle { $count }?
otlp-sent = { $sent } sendt til { $endpoint }
