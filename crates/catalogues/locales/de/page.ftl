# Deutsch

# Same as in English.
app-name = mirrord
title = Sitzungsmonitor
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = Ausgabe unbekannt
license-until = bis { $date }
license-expired = abgelaufen { $date }
upgrade = Zu Teams wechseln
opens-new-tab = Öffnet einen neuen Tab
all-sessions = mirrord, alle Sitzungen
connecting = Verbindet
syncing = Gleicht ab
# Same as in English.
live = Live
retrying = Neuer Versuch in { $seconds } s
retrying-now = Neuer Versuch
signed-out = Abgemeldet
retry-now = Jetzt versuchen
sessions-count = { $count ->
    [one] { $count } Sitzung
   *[other] { $count } Sitzungen
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } verloren
   *[other] { $count } verloren
}
dropped-hint = Ereignisse, die zwischen einer Sitzung und dieser Seite verloren gingen
preferences = Einstellungen
theme = Farben
theme-is = Farben: { $theme }
# Same as in English.
theme-system = System
theme-light = Hell
theme-dark = Dunkel
density = Zeilen
density-compact = Dicht
density-comfortable = Luftig
times = Zeiten
times-absolute = Uhrzeit
times-relative = Wie lange her
times-since-start = Seit Beginn
language = Sprache
language-of-browser = Wie der Browser
single-keys = Kürzel aus einzelnen Tasten
show-env-values = Werte von Variablen zeigen
notify = Benachrichtigen, wenn eine Sitzung endet
notify-blocked = Der Browser blockiert Benachrichtigungen dieser Seite: in seinen Einstellungen erlauben.
notify-insecure = Benachrichtigungen brauchen https oder den Browser dieses Rechners.
notify-missing = Dieser Browser hat keine Benachrichtigungen.
notify-many = { $count ->
    [one] { $count } Sitzung beendet
   *[other] { $count } Sitzungen beendet
}
skip = Zum Inhalt springen
sessions = Sitzungen
filter-sessions = Sitzungen filtern
group-live = laufen
group-unresponsive = antworten nicht
group-ended = beendet
none-matches = Keine Sitzung passt.
more-sessions = { $count ->
    [one] { $count } weitere Sitzung ist nicht aufgeführt
   *[other] { $count } weitere Sitzungen sind nicht aufgeführt
}
no-command = (Befehl unbekannt)
targetless = ohne Ziel
processes = { $count ->
    [one] { $count } Prozess
   *[other] { $count } Prozesse
}
status-live = läuft
status-unresponsive = antwortet nicht
status-ended = beendet
row-started = gestartet
row-ended = beendet
ended-ago = vor { $time }
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
# Same as in English.
hours = { $number } h
days = { $number } T
empty-title = Es läuft keine Sitzung
empty-text = Ein Programm, das unter mirrord läuft, erscheint hier sofort:
empty-foot = Auch Sitzungen eines veröffentlichten mirrord werden gefunden.
loading-title = Sucht nach Sitzungen…
loading-sessions = Das dauert einen Moment.
unreachable-title = mirrord ui antwortet nicht
unreachable-text = Vielleicht wurde es beendet. Nach einem neuen Start kommt diese Seite von selbst zurück:
signed-out-title = Abgemeldet
signed-out-text = Diese Seite braucht den Link mit dem Token des laufenden mirrord ui. Er wird ausgegeben von:
signed-out-foot = Dann den ausgegebenen Link in diesem Browser öffnen.
try-again = Noch einmal versuchen
stopped-title = Diese Seite ist stehen geblieben
stopped-text = Darin ging etwas schief. Die Sitzungen laufen weiter: Neu laden zeigt sie wieder. Der Bericht hilft, den Fehler zu beheben.
reload = Neu laden
copy-report = Bericht kopieren
copy = Kopieren
copied = Kopiert
copy-table = Als Text kopieren
printed-part = Gedruckt ist, was zu sehen war. Für alles auf der Seite: { $action }
copy-failed = Markieren und von Hand kopieren
copy-id = ID kopieren
copy-json = JSON kopieren
gone-title = Diese Sitzung ist nicht hier
gone-text = Sie endete vor dem Start von mirrord ui, wurde entfernt, oder der Link gehört zu einem anderen Rechner.
back-to-list = Alle Sitzungen
views = Ansichten der Sitzung
tab-events = Ereignisse
tab-files = Dateien
tab-network = Netz
# Same as in English.
tab-ports = Ports
tab-environment = Umgebung
tab-processes = Prozesse
tab-config = Konfiguration
tab-stats = Statistik
kind-file = Dateien
# Same as in English.
kind-dns = dns
kind-connect = Verbindungen
kind-port = Ports
kind-request = Anfragen
kind-env = Umgebung
kind-process = Prozesse
kind-other = andere
one-file = Datei
# Same as in English.
one-dns = dns
one-connect = Verbindung
one-port = Port
one-request = Anfrage
one-env = Umgebung
one-process = Prozess
one-other = anderes
filter-kinds = Arten von Ereignissen
chip-hint = Klick blendet ein oder aus, Alt-Klick zeigt nur diese
search = Wörter, feld:wert, /regex/
search-label = Ereignisse durchsuchen
bad-pattern = Kein gültiges Muster
# Same as in English.
pause = Pause
resume = Weiter
# Same as in English.
plus-waiting = +{ $count }
clear = Leeren
clear-hint = Leert dieses Protokoll. Die Zahlen bleiben.
log-label = Ereignisse der Sitzung
log-loading = Holt, was bisher geschah…
log-failed = Was vorher geschah, war nicht zu bekommen.
log-empty = Noch ist nichts geschehen. Ereignisse erscheinen hier, während das Programm läuft.
log-empty-ended = Von dieser Sitzung ist nichts aufbewahrt.
log-cleared = Geleert. Neue Ereignisse erscheinen hier.
log-cleared-ended = Geleert.
undo-clear = Leeren rückgängig
requests-not-seen = Anfragen sind in dieser Sitzung nicht zu sehen: Sie bedient keinen Port eines Ziels.
nothing-seen = Davon wurde bis zum Ende der Sitzung nichts gesehen.
before-start = vor dem Start: { $count }
ended-broken = ihr mirrord wurde abgebrochen
held-here = mirrord ui kennt sie nicht mehr; diese Seite zeigt, was sie sah
stale-foot = Keine Verbindung
stale-since = Alles darunter ist von { $time }.
stale-signed-out = mirrord ui wurde neu gestartet. Den Link ausgeben lassen und in diesem Browser öffnen.
blocked-title = mirrord ui lehnt diese Adresse ab
blocked-text = Ein Proxy ändert den Host-Header. mirrord ui so starten, dass es den Namen dieser Seite kennt:
socket-title = Die Live-Verbindung öffnet sich nicht
socket-text = Anfragen werden beantwortet, der WebSocket unter /ws nicht: Etwas dazwischen sperrt ihn. Dort WebSockets durchlassen.
no-cookies-text = Dieser Browser behält hier keine Cookies. Den Link mit dem Token ausgeben:
no-cookies-foot = Dann mit #token= statt ?token= öffnen.
incomplete = Unvollständig: Was über { $means } läuft, ist nicht zu sehen
log-no-match = Kein Ereignis passt zum Filter.
clear-filter = Alle zeigen
log-searching = Sucht…
missed-lost = { $count ->
    [one] { $count } Ereignis kam hier nicht an
   *[other] { $count } Ereignisse kamen hier nicht an
}
missed-withheld = { $count ->
    [one] { $count } Ereignis wurde nur als Zahl gemeldet
   *[other] { $count } Ereignisse wurden nur als Zahlen gemeldet
}
missed-older = { $count ->
    [one] { $count } früheres Ereignis ist hier nicht aufbewahrt
   *[other] { $count } frühere Ereignisse sind hier nicht aufbewahrt
}
following = Läuft mit · das Neueste unten
not-following = Läuft nicht mit
paused = Pause · { $count } warten
ended-foot = Beendet
jump = Zum Neuesten
shown = { $shown } von { $total } gezeigt
ring-dropped = { $count } ältere aufgegeben
histogram = Ereignisse im Lauf der Zeit
histogram-says = höchstens { $count } Ereignisse in { $time }
# Same as in English.
remote = remote
local = lokal
not-found = nicht gefunden
detail = Ereignis
close = Schließen
field-path = Pfad
field-operation = Operation
field-host = Host
field-address = Adresse
field-port = Port
field-protocol = Protokoll
field-mode = Modus
field-filter = Filter
field-method = Methode
field-variables = Variablen
field-command = Befehl
field-parent = Elternprozess
field-process = Prozess
field-time = Zeit
field-routing = Weg
field-rule = entschieden durch
into-session = nach { $time }
show-values = Werte zeigen
hide-values = Werte verbergen
keys-title = Tastenkürzel
keys-hint = ? Tasten
keys-anywhere = Überall
keys-session = In einer Sitzung
keys-log = Im Protokoll
key-neighbours = Vorige, nächste Sitzung
key-theme = Nächste Farben
key-move = Nächste, vorige Zeile
key-details = Einzelheiten der Zeile
key-pause = Anhalten oder weiter
palette = Suchen oder springen
palette-placeholder = Suchen oder springen…
palette-found = { $count ->
    [one] { $count } Eintrag
   *[other] { $count } Einträge
}
palette-nothing = Nichts heißt so.
palette-searching = Alle Sitzungen werden durchsucht…
palette-partial = Es kann mehr geben: mehr davon eintippen.
palette-failed = Die Sitzungen waren nicht zu durchsuchen.
palette-not-kept = nicht mehr vorhanden
actions = Aktion
search-view = Diese Tabelle filtern
no-row-matches = Hier passt nichts zum Filter. Ohne ihn ist alles zu sehen.
covers-all = Gezählt seit Beginn der Sitzung
covers-some = Gezählt aus { $count } Ereignissen
column-operations = Operationen
column-first = zuerst
column-last = zuletzt
column-destination = Ziel
column-name = Name
column-connections = Verbindungen
column-led-to = führte zu
column-lookups = Abfragen
column-since = seit
column-arrived = was ankam
column-requests = Anfragen
column-value = Wert
column-fetched = geholt
# Same as in English.
column-pid = pid
column-ended = Ende
tab-summary = Überblick
worth-a-look = Einen Blick wert
nothing-stands-out = Bisher fällt nichts auf.
nothing-stood-out = Es fiel nichts auf.
show-rows = Zeilen
found-died = { $command } starb an { $signal }.
found-bind-failed = Auf Port { $port } konnte nicht gelauscht werden.
found-refused = Verbindungen zu { $destination } scheitern.
found-not-followed = { $name } wurde erfragt, und keine Verbindung folgte.
found-no-answer = { $destination } antwortet nicht.
found-again = { $path } wird immer wieder vergeblich gesucht.
found-denied = { $path } darf nicht geöffnet werden.
found-nowhere = { $name } wurde gesucht und nirgends gefunden.
found-unreached = Keine Verbindung hat Port { $port } erreicht.
places-count = { $count ->
    [one] { $count } Ort
   *[other] { $count } Orte
}
files-looked-for = Gesuchte Dateien
processes-died = Gestorbene Prozesse
column-where = wo
column-result = Ergebnis
column-times = Anzahl
column-traffic = ein / aus
column-listens = lauscht auf
column-came = kamen
answer-found = gefunden
answer-written = geschrieben
answer-denied = kein Zugriff
answer-connected = verbunden
answer-failed = gescheitert
answer-pending = noch keine Antwort
never = nie
died-of = starb an { $signal }
ended-with = Exit-Code { $code }
not-listening = konnte nicht belegt werden
loopback-only = nur Loopback
ipv6-only = nur IPv6
failures = { $count } gescheitert
failed-only = Nur Gescheiterte
with-children = Mit seinen Kindern
follow-process = { $process } folgen
followed = Nur { $process } und seine Kinder, in jeder Ansicht
all-processes = Alle Prozesse
column-folder = Ordner
no-connection-since = keine Verbindung seit { $time }
held-by = belegt von { $process }
listens-no-more = lauscht nicht mehr
listeners = Lauscht
column-remark = Bemerkung
as-tree = Baum
not-found-count = { $count } nicht gefunden
paths-count = { $count ->
    [one] { $count } Pfad
   *[other] { $count } Pfade
}
files-inside = { $count } darin
all-paths = Alle Pfade
files-written = Geschrieben
found-in-place = gefunden an Stelle { $place } von { $total }
looked-for-in = Wo { $name } gesucht wurde
path-story = Was mit diesem Pfad geschah
outcome-over-time = Ergebnis im Lauf der Zeit
show-all = Alle { $number } zeigen
show-fewer = Weniger zeigen
files-empty = Noch wurde keine Datei berührt. Pfade erscheinen hier, sobald das Programm sie öffnet, liest oder sucht.
more-events = { $count ->
    [one] { $count } Ereignis von anderen, für die kein Platz war
   *[other] { $count } Ereignisse von anderen, für die kein Platz war
}
destinations = Verbindungen
destinations-empty = Noch keine Verbindung nach außen. Ziele erscheinen hier, sobald das Programm sich verbindet.
lookups = Abgefragte Namen
lookups-empty = Noch keine DNS-Abfrage. Namen erscheinen hier, sobald das Programm einen nachschlägt.
column-duration = Dauer
open-now = offen
unix-sockets = Unix-Sockets
no-connection = keine Verbindung folgte
sure-likely = wahrscheinlich
sure-perhaps = vielleicht
sure-note = Welcher Name zu einer Adresse führte, ist geschlossen: Derselbe Prozess fragte bis zu 5 s vor der Verbindung danach. Wahrscheinlich: Es war der einzige. Vielleicht: der letzte von mehreren.
ports-empty = Kein Port ist abonniert. Ports erscheinen hier, wenn das Programm lauscht und die Sitzung sie bedient.
port-nothing = Abonniert, seit { $time } kam nichts an
port-nothing-yet = Abonniert, bisher kam nichts an
port-not-watched = Ein lokaler Port: Was dort ankommt, wird nicht beobachtet
all-ports-together = { " " }· von allen Ports zusammen, da eine Anfrage ihren Port nicht nennt
requests-count = { $count ->
    [one] { $count } Anfrage
   *[other] { $count } Anfragen
}
the-last = zuletzt { $time }
requests = Eingegangene Anfragen
requests-empty = Noch keine Anfrage kam an. Eine an das Ziel gesendete erscheint hier, wenn der Filter sie durchlässt.
environment-empty = Keine Variable wurde geholt. Sie erscheinen hier, wenn die Sitzung die Umgebung des Ziels holt.
variables-count = { $count ->
    [one] { $count } Variable
   *[other] { $count } Variablen
}
value-unknown = nur der Name ist bekannt
show-all-values = Alle Werte zeigen
hidden-note = Verborgen heißt außer Sicht: Ein Klick zeigt einen Wert. Programme, die das API dieses mirrord ui benutzen dürfen, sehen sie dennoch. An ein Telefon werden sie nie gesendet.
processes-empty = Noch ist kein Prozess bekannt. Prozesse erscheinen hier, sobald sie in der Sitzung beginnen.
running-count = { $count ->
    [one] { $count } läuft
   *[other] { $count } laufen
}
more-processes = { $count ->
    [one] { $count } weiterer wurde nicht aufbewahrt
   *[other] { $count } weitere wurden nicht aufbewahrt
}
still-runs = läuft
ran-for = lief { $time }
config-asked = Fragt die Sitzung nach ihrer Konfiguration…
config-failed = Die Konfiguration war nicht zu bekommen.
config-none = Diese Sitzung läuft ohne Konfigurationsdatei. Mit mirrord exec -f mirrord.json stehen ihre Regeln hier.
config-no-text = Die Sitzung nennt die Datei, sagt aber nicht, was darin steht.
decided-count = { $count ->
    [one] entschied { $count } Ereignis
   *[other] entschied { $count } Ereignisse
}
default-rules = Regeln, die die Datei nicht nennt
default-rules-note = Sie entschieden als Vorgabe. Wer eine in der Datei nennt, überschreibt sie.
what-if = Was wäre wenn
what-if-hint = Die Konfiguration ändern und sehen, was sich an diesem Lauf ändern würde
what-if-loading = Lädt den Auswerter und die Ereignisse dieses Laufs…
what-if-failed = Der Auswerter oder die Ereignisse waren nicht zu laden.
what-if-label = Konfiguration zum Ausprobieren
what-if-decided = Neu entschiedene Ereignisse: { $count }
what-if-range = Ereignisse { $first } bis { $last }
what-if-problems = Fehler: { $count }. Solange sie bestehen, wird nichts entschieden.
what-if-at = Zeile { $line }, Spalte { $column }
what-if-resolved = Der Text einer JSON-Datei ist hier nicht bekannt: So wurde die Konfiguration verstanden.
what-if-none = Dieser Lauf hatte keine Konfiguration: Verglichen wird mit den Vorgaben von mirrord.
what-if-variables = Variablen, die der Datei vorgingen und nicht in diesem Text stehen: { $names }
what-changes = Was sich ändert
changes-before = vorher
changes-after = nachher
what-if-same = Wie zuvor entschieden: { $count }
what-if-omitted = Und weitere: { $count }
what-if-missing = Fehlende Fakten, die nur der Cluster oder die Maschine kennt
what-if-unhooked = Aufrufe, die mirrord nie sieht: { $count }
suggestions = Vorschläge
suggestions-note = Allein aus diesem Lauf. Eine Änderung wird in die Konfiguration eingefügt.
suggestions-variables = Umgebungsvariablen gehen der Datei vor: Für sie wird nichts vorgeschlagen.
suggestion-try = In „Was wäre wenn“ ausprobieren
suggestion-rows = Operationen: { $count }
suggestion-changed = Anders entschieden: { $count }
suggestion-unchanged = Ändert in diesem Lauf nichts
suggestion-excluded-variable = Ausgeschlossen, und ihr lokaler Wert wurde benutzt
suggestion-uncovered-destination = In keinem Eintrag des Filters
suggestion-looks-remote = Hier vergeblich gesucht; vielleicht ist es im Cluster
suggestion-looks-local = Sieht lokal aus und würde im Cluster gelesen
suggestion-exists-locally = Hier vorhanden und würde im Cluster gelesen
suggestion-aws-mapped = Von Haus aus an eine andere Stelle umgeleitet
suggestion-unused-port = Würde abonniert, und nichts kam an
suggestion-unused-rule = Hat in diesem Lauf nichts entschieden
nothing-redirected = Nichts wurde umgeleitet: Die Spalte zeigt, wohin jede Operation mit dieser Konfiguration ginge.
never-matched = traf nie zu
depends = hängt ab
unhooked-static = nicht abgefangen: statisches Programm
unhooked-loader = nicht abgefangen: durch den Lader
download = Herunterladen
figure-total = Ereignisse
figure-rate = Rate jetzt
figure-peak = stärkste Sekunde
figure-lost = unterwegs verloren
figure-withheld = nur als Zahlen gemeldet
figure-older = vor dem ältesten aufbewahrten
figure-given-up = vom Protokoll dieser Seite aufgegeben
routing-unknown = diese Sitzung sagt es nicht
events-count = { $count ->
    [one] { $count } Ereignis
   *[other] { $count } Ereignisse
}
chart-hint = Auf das Diagramm zeigen, oder es mit Tab wählen und die Pfeiltasten benutzen, um seine Zahlen zu lesen.
each-bar = Ein Balken ist { $time }
as-table = Das Diagramm als Tabelle
top-paths = Am meisten berührte Pfade
top-hosts = Am meisten abgefragte Namen
only-like = Nur solche
hide-like = Solche ausblenden
any-process = Jeder Prozess
any-routing = Jeder Weg
filter-process = Nach Prozess filtern
filter-routing = Nach Weg filtern
export = Exportieren
export-hint = Speichert die gezeigten Zeilen; verborgene Werte bleiben weg
more-characters = { $count ->
    [one] … { $count } weiteres Zeichen; die Kopie hat alle
   *[other] … { $count } weitere Zeichen; die Kopie hat alle
}
no-namespace = kein Namensraum
no-key = kein Schlüssel
overview = Alle Sitzungen
group-by = Gruppieren
sort-by = Sortieren
by-status = Zustand
by-target = Ziel
by-namespace = Namensraum
by-key = Schlüssel
by-nothing = Gar nicht
sort-newest = Neueste
# Same as in English.
sort-name = Name
# Same as in English.
sort-rate = Rate
sort-events = Ereignisse
sort-own = Eigene
column-status = Zustand
column-session = Sitzung
column-processes = Prozesse
column-ports = Ports
column-rate = Rate
column-routing = Weg
column-events = Ereignisse
column-age = Alter
routing-mock = nachgeahmt
routing-error = Fehler
choose-session = { $session } auswählen
chosen-count = { $count ->
    [one] { $count } ausgewählt
   *[other] { $count } ausgewählt
}
show-together = Zusammen zeigen
at-most-together = In ein Protokoll passen höchstens { $count } Sitzungen.
clear-chosen = Keine auswählen
move-session = { $session } verschieben: Pfeil auf, Pfeil ab
moved-to = { $session }: Platz { $place }
menu-of = Aktionen für { $session }
details = Einzelheiten
pin = Anheften
unpin = Lösen
move-up = Nach oben
move-down = Nach unten
pinned-word = angeheftet
open-on-desktop = auf dem Rechner offen
key-label = Schlüssel, zum Gruppieren
copy-socket = Socket-Pfad kopieren
end-ask = Beenden…
end-title = Diese Sitzung beenden?
end-text = Das beendet den Befehl und jeden Prozess, den er gestartet hat:
end-force = Sie werden gebeten zu enden; nach 5 s werden sie gezwungen.
end-released = Ein veröffentlichtes mirrord kann sein Programm von hier aus nicht beenden, nur sein eigenes Sitzungs-API. Beende das Programm über seine Prozesse:
end-no-process = Kein Prozess davon ist bekannt.
end-now = { $count ->
    [one] { $count } Prozess beenden
   *[other] { $count } Prozesse beenden
}
end-session = Sitzung beenden
cancel = Abbrechen
ending = Wird beendet…
has-ended = Sie ist beendet.
still-ending = Sie hat die Bitte angenommen und ist nach 10 s noch nicht beendet. Sie versucht es weiter; diese Seite zeigt, wann es so weit ist.
end-failed = Sie war nicht zu beenden.
dismiss = Verwerfen
dismiss-all = { $count ->
    [one] { $count } beendete verwerfen
   *[other] Alle { $count } beendeten verwerfen
}
dismiss-failed = Sie war nicht zu verwerfen.
rename = Umbenennen…
rename-title = Diese Sitzung benennen
# Same as in English.
rename-label = Name
rename-text = Steht überall, wo die Sitzung steht. Leer gilt der Name, mit dem sie gestartet wurde, oder ihr Befehl.
rename-save = Namen speichern
audit-named-session = Sitzung benannt
show-more = { $count ->
    [one] { $count } weitere zeigen
   *[other] { $count } weitere zeigen
}
together = { $count ->
    [one] { $count } Sitzung zusammen
   *[other] { $count } Sitzungen zusammen
}
legend = Sitzungen dieses Protokolls
# Same as in English.
of-session = { $session }: { $text }
not-here = nicht hier
key-choose = Die Sitzung unter dem Fokus auswählen
keys-overview = In der Übersicht
mirror-title = Auf dem Telefon zeigen
mirror-heading = Die Sitzungen auf dem Telefon
mirror-lead = Dieselbe Seite, live, auf einem Gerät im Netz; ohne geheime Werte.
mirror-settings = Einstellungen
mirror-off = Aus
mirror-on = An, niemand verbunden
mirror-connected = { $count ->
    [one] { $count } verbunden
   *[other] { $count } verbunden
}
mirror-waiting = Gerade nicht erreichbar
mirror-failed = Konnte nicht starten
mirror-local = Dieser Rechner
mirror-network = Netz
mirror-user = Benutzername
mirror-password = Passwort
mirror-from-settings = das aus den Einstellungen
mirror-from-environment = das aus der Umgebung
mirror-for-this-run = für diesen Lauf
mirror-connected-now = jetzt verbunden
mirror-no-answer = Keine Antwort. Läuft mirrord ui noch?
mirror-pair-title = Telefon koppeln
mirror-pair-text = Den Code mit der Kamera erfassen. Er lässt ein Gerät ein, einmal, fünf Minuten lang.
mirror-pair-off = Zuerst einschalten.
mirror-pair = Code zeigen
mirror-new-code = Neuer Code
mirror-code = QR-Code der Adresse daneben
mirror-time-left = Gültig noch { $time }
mirror-too-old = Dieser Code ist zu alt. Einen neuen machen.
mirror-used-by = Benutzt von { $device }
mirror-copy-address = Adresse kopieren
mirror-devices = Geräte
mirror-no-devices = Kein Gerät ist angemeldet.
mirror-device-name = Name des Geräts
mirror-viewer = sieht nur zu
mirror-controller = darf Sitzungen beenden
mirror-grant = Sitzungen beenden lassen…
mirror-take-back = Nur zusehen lassen
mirror-revoke = Abmelden…
mirror-revoke-all = Alle Geräte abmelden…
mirror-seen = zuletzt gesehen { $time }
mirror-signed-in = angemeldet { $time }
mirror-expires = muss sich in { $time } neu anmelden
mirror-grant-ask = „{ $device }“ Sitzungen beenden lassen?
mirror-grant-text = Wer es in der Hand hat, kann dann jede Sitzung und ihre Prozesse beenden und Sitzungen benennen. Geheime Werte sieht es weiter nicht.
mirror-grant-go = Beenden lassen
mirror-revoke-ask = „{ $device }“ abmelden?
mirror-revoke-all-ask = Alle Geräte abmelden?
mirror-revoke-text = Es ist sofort abgemeldet. Das Passwort bleibt: ändern, wenn es jemand nicht haben soll.
mirror-revoke-go = Abmelden
mirror-networks = Netzwerk
mirror-everywhere = Alle Netze
mirror-not-here = { $device } · gerade nicht da
# Same as in English.
mirror-port = Port
mirror-port-hint = 1 bis 65535
mirror-port-wrong = Eine Zahl zwischen 1 und 65535.
mirror-user-hint = Leer: der aus der Umgebung oder mirrord.
mirror-password-hint = 8 bis 256 Zeichen, nie gezeigt. Angemeldete Geräte bleiben es.
mirror-password-wrong = Es hat 8 bis 256 Zeichen.
mirror-password-set = Gesetzt; neues eingeben
mirror-password-none = Zufällig; eigenes eingeben
mirror-password-go = Setzen
mirror-password-random = Wieder ein zufälliges
mirror-tls = Verschlüsselung
mirror-tls-off = Aus
mirror-tls-private = Eigene Zertifizierungsstelle
mirror-tls-own = Eigenes Zertifikat
mirror-tls-off-hint = Wer im selben Netz ist, kann mitlesen.
mirror-tls-private-hint = Auf diesem Rechner gemacht; das Telefon muss ihr einmal vertrauen.
mirror-tls-own-hint = Absolute Pfade zweier PEM-Dateien.
mirror-tls-go = Dieses Zertifikat benutzen
mirror-certificate = Zertifikat
mirror-key = Schlüssel
mirror-trust = Auf dem Telefon vertrauen
mirror-trust-open = Das auf dem Telefon öffnen, über die Warnung hinweg:
mirror-trust-compare = Diesen Fingerabdruck vergleichen; weicht er ab, aufhören:
mirror-trust-install = Das Zertifikat installieren, wie es dort steht.
mirror-trust-download = Zertifikat herunterladen
mirror-names = Weitere Namen
mirror-names-hint = Andere Hostnamen dieses Rechners, mit Kommas dazwischen.
mirror-auto-start = Mit mirrord ui starten
mirror-mdns = Name und Port im Netz bekannt machen
mirror-command-lines = Geräten ganze Befehlszeilen zeigen, auch Passwörter darin
mirror-audit = Was geschehen ist
mirror-audit-text = Das Neueste zuerst, ohne Geheimnisse.
mirror-audit-empty = Noch nichts.
mirror-banner = Spiegel von { $machine } · nur zum Zusehen
mirror-banner-ends = Spiegel von { $machine } · darf Sitzungen beenden
mirror-sign-out = Abmelden
mirror-sign-in = Anmelden
mirror-turned-out-title = Dieses Gerät ist abgemeldet
mirror-turned-out = Es wurde abgemeldet, oder seine 30 Tage sind um. Weiter geht es nach der Anmeldung.
mirror-turned-out-foot = Oder einen neuen Code am Rechner erfassen.
mirror-elsewhere-title = Die Einstellungen sind am Rechner
mirror-elsewhere = mirrord ui am Rechner selbst öffnen.
mirror-values = Werte bleiben am Rechner; ein Gerät erfährt nur die Namen.
audit-started = lauscht
audit-stopped = angehalten
audit-failed = konnte nicht lauschen
audit-signed-in = angemeldet
audit-sign-in-failed = Anmeldung abgewiesen
audit-throttled = muss warten
audit-ticket-made = Code gemacht
audit-paired = gekoppelt
audit-pairing-failed = Code abgewiesen
audit-signed-out = hat sich abgemeldet
audit-revoked = abgemeldet
audit-device-changed = Gerät geändert
audit-refused = abgewiesen
audit-ended-session = Sitzung beendet
audit-settings-changed = Einstellungen geändert

search-any-column = irgendeine Spalte
search-has = { $column } enthält { $value }
search-is = { $column } ist { $value }
search-like = { $column } ist wie { $value }
search-matches = { $column } passt zu { $value }
search-descends = Prozess { $process } oder einer, den er gestartet hat
search-present = { $column } ist bekannt
search-and = { $first }, und { $second }
search-or = { $first }, oder { $second }
search-not = nicht: { $what }
search-no-field = Es gibt kein Feld { $name }
search-did-you-mean = { $problem }; vielleicht { $name }?
search-no-value = { $field }: hat keinen Wert { $value }
search-not-number = { $field }: nimmt eine Zahl oder einen Bereich, und { $value } ist keins von beiden
search-not-time = { $value } ist keine Zeit
search-unfinished = Noch nicht fertig: { $part }
search-no-group = Zu dieser ) fehlt die (
search-too-much = Zu viel für einen Filter
field-direction = Richtung
field-size = Größe
field-name = Name
match-place = { $place } von { $total }
match-next = Nächster Treffer
match-previous = Voriger Treffer
key-matches = Nächster oder voriger Treffer
saved-filters = Gespeicherte Filter
save-filter = Diesen Filter speichern
# Same as in English.
filter-name = Name
delete-filter = { $name } löschen
apply-filter = Filtern nach { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Seit der Zeile davor
# Same as in English.
outcome-ok = ok
outcome-denied = kein Zugriff
outcome-connected = verbunden
outcome-failed = gescheitert
outcome-pending = noch offen
exit-code = Code { $code }
operation-lookup = Abfrage
bytes-in = { $bytes } herein
bytes-out = { $bytes } hinaus
# Same as in English.
repeats = ×{ $count } in { $time }
fold-repeats = Wiederholungen falten
columns = Spalten
column-type = Art
column-what = was
column-outcome = Ergebnis
around = ±1 s drumherum
all-times = Ganze Zeit
copy-path = Pfad oder Adresse kopieren
copy-row = Zeile kopieren
copy-command = Als Befehl kopieren
row-absent = Ereignis #{ $row } aus diesem Link ist hier nicht erhalten.
histogram-scale = Höhen sind Quadratwurzeln
timeline-hint = Ziehen wählt einen Zeitraum; mit Tasten: Pfeile, Umschalt und Pfeile, Esc
failed-count = { $count ->
   [one] { $count } gescheitert
  *[other] { $count } gescheitert
}
remove-term = Entfernen: { $term }
play = Abspielen
moments = Zeitpunkte der Aufzeichnung
moment-event = Ereignis { $event } von { $total }
whole-record = Ganze Aufzeichnung
speed = Tempo
comparison = Vergleich
compare = Vergleichen
swap = Tauschen
compare-again = Neu vergleichen
nothing-differs = Kein Unterschied.
names-alike = Gleich: { $count }
not-compared = Ereignisse weiterer Namen, nicht verglichen: { $count }
only-first = nur in der ersten
only-second = nur in der zweiten
changed-between = anders
other-value = anderer Wert
just-seen = gesehen
show-its-events = Zugehörige Ereignisse zeigen
drop-record = Aufzeichnungen hier ablegen, um sie zu öffnen
opening-record = { $name } wird geöffnet…
not-opened = { $name } ließ sich nicht öffnen: { $reason }
open-record = Aufzeichnung öffnen…
history-title = Verlauf
record = Aufzeichnen
stop-recording = Aufzeichnung beenden
record-hint = Bewahrt die Sitzung in einer Datei auf diesem Rechner
save-record = Sichern
save-record-hint = Sichert, was von der Sitzung erhalten ist, als Aufzeichnung; auf dieser Seite abgelegt öffnet sie sich
recording-to = Aufzeichnung in { $file }
recording-ended = { $file }: die Aufzeichnung ist beendet: { $reason }
history-lead = Beendete Sitzungen, als Aufzeichnungen auf diesem Rechner bewahrt. Werte von Variablen sind nicht dabei.
keep-history = Beendete Sitzungen bewahren
search-history = Verlauf durchsuchen
history-off = Sitzungen werden nicht bewahrt. Einschalten, um sie nach ihrem Ende hier zu finden.
history-empty = Noch nichts bewahrt. Sitzungen erscheinen hier, sobald sie beendet sind.
history-bytes = { $bytes } von { $limit }
history-days = Tage höchstens: { $count }
delete = Löschen
delete-for-good = Endgültig löschen?
end-group = Alle beenden
end-group-sure = Alle { $count } beenden?
otlp-sent = { $sent } gesendet an { $endpoint }
