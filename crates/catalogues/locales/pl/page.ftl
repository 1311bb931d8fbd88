# Polski

# Same as in English.
app-name = mirrord
title = Monitor sesji
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = edycja nieznana
license-until = do { $date }
license-expired = wygasła { $date }
upgrade = Przejdź na Teams
opens-new-tab = Otwiera nową kartę
all-sessions = mirrord, wszystkie sesje
connecting = Łączenie
syncing = Synchronizacja
live = Na żywo
retrying = Ponowienie za { $seconds } s
retrying-now = Ponawianie
signed-out = Wylogowano
retry-now = Ponów teraz
sessions-count = { $count ->
    [one] { $count } sesja
    [few] { $count } sesje
    [many] { $count } sesji
   *[other] { $count } sesji
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } utracone
    [few] { $count } utracone
    [many] { $count } utraconych
   *[other] { $count } utraconego
}
dropped-hint = Zdarzenia utracone między sesją a tą stroną
preferences = Preferencje
theme = Motyw
theme-is = Motyw: { $theme }
theme-system = Systemowy
theme-light = Jasny
theme-dark = Ciemny
density = Gęstość
density-compact = Zwarta
density-comfortable = Luźna
times = Czas
times-absolute = Godzina
times-relative = Jak dawno
times-since-start = Od początku
language = Język
language-of-browser = Jak przeglądarka
single-keys = Skróty jednoklawiszowe
show-env-values = Pokaż wartości zmiennych
notify = Powiadamiaj o końcu sesji
notify-blocked = Przeglądarka blokuje powiadomienia tej strony: zezwól na nie w jej ustawieniach.
notify-insecure = Powiadomienia wymagają https albo przeglądarki na tym komputerze.
notify-missing = Ta przeglądarka nie ma powiadomień.
notify-many = { $count ->
    [one] { $count } sesja zakończona
    [few] { $count } sesje zakończone
    [many] { $count } sesji zakończonych
   *[other] { $count } sesji zakończonych
}
skip = Przejdź do treści
sessions = Sesje
filter-sessions = Filtruj sesje
group-live = działające
group-unresponsive = nie odpowiadają
group-ended = zakończone
none-matches = Brak pasujących sesji.
more-sessions = { $count ->
    [one] Poza listą: { $count } sesja
    [few] Poza listą: { $count } sesje
    [many] Poza listą: { $count } sesji
   *[other] Poza listą: { $count } sesji
}
no-command = (polecenie nieznane)
targetless = bez celu
processes = { $count ->
    [one] { $count } proces
    [few] { $count } procesy
    [many] { $count } procesów
   *[other] { $count } procesu
}
status-live = działa
status-unresponsive = nie odpowiada
status-ended = zakończona
row-started = uruchomiono
row-ended = zakończono
ended-ago = { $time } temu
# Same as in English.
seconds = { $number } s
# Same as in English.
minutes = { $number } min
# Same as in English.
hours = { $number } h
# Same as in English.
days = { $number } d
empty-title = Żadna sesja nie działa
empty-text = Uruchom program pod mirrord, a od razu pojawi się tutaj:
empty-foot = Sesje wydanego mirrord też są wykrywane.
loading-title = Szukanie sesji…
loading-sessions = To chwilę potrwa.
unreachable-title = mirrord ui nie odpowiada
unreachable-text = Mógł zostać zatrzymany. Uruchom go ponownie, a strona wróci sama:
signed-out-title = Nie jesteś zalogowany
signed-out-text = Strona wymaga linku z tokenem działającego mirrord ui. Wypisze go:
signed-out-foot = Potem otwórz ten link w tej przeglądarce.
try-again = Ponów
stopped-title = Ta strona się zatrzymała
stopped-text = Coś w niej poszło nie tak. Sesje trwają: odśwież stronę, aby je zobaczyć. Raport pomaga naprawić błąd.
reload = Odśwież
copy-report = Kopiuj raport
copy = Kopiuj
copied = Skopiowano
copy-table = Kopiuj jako tekst
printed-part = Wydrukowano to, co było widoczne. Całość na stronie: { $action }
copy-failed = Zaznacz i skopiuj ręcznie
copy-id = Kopiuj identyfikator
copy-json = Kopiuj JSON
gone-title = Tej sesji tu nie ma
gone-text = Zakończyła się przed startem mirrord ui, została odrzucona albo link jest z innego komputera.
back-to-list = Wszystkie sesje
views = Widoki sesji
tab-events = Zdarzenia
tab-files = Pliki
tab-network = Sieć
tab-ports = Porty
tab-environment = Środowisko
tab-processes = Procesy
tab-config = Konfiguracja
tab-stats = Statystyki
kind-file = pliki
# Same as in English.
kind-dns = dns
kind-connect = połączenia
kind-port = porty
kind-request = żądania
kind-env = środowisko
kind-process = procesy
kind-other = inne
one-file = plik
# Same as in English.
one-dns = dns
one-connect = połączenie
# Same as in English.
one-port = port
one-request = żądanie
one-env = środowisko
one-process = proces
one-other = inne
filter-kinds = Rodzaje zdarzeń
chip-hint = Klik: pokaż lub ukryj, Alt+klik: pokaż tylko to
search = Słowa, pole:wartość, /regex/
search-label = Szukaj w zdarzeniach
bad-pattern = Błędny wzorzec
pause = Wstrzymaj
resume = Wznów
# Same as in English.
plus-waiting = +{ $count }
clear = Wyczyść
clear-hint = Opróżnia ten dziennik. Liczniki zostają.
log-label = Zdarzenia sesji
log-loading = Pobieranie dotychczasowych zdarzeń…
log-failed = Nie udało się pobrać wcześniejszych zdarzeń.
log-empty = Brak zdarzeń. Pojawią się tu w trakcie pracy programu.
log-empty-ended = Nic nie zachowano z tej sesji.
log-cleared = Wyczyszczono. Nowe zdarzenia pojawią się tutaj.
log-cleared-ended = Wyczyszczono.
undo-clear = Cofnij czyszczenie
requests-not-seen = W tej sesji nie widać żądań: nie obsługuje ona żadnego portu celu.
nothing-seen = Do końca sesji niczego takiego nie zauważono.
before-start = przed startem: { $count }
ended-broken = jej mirrord został zabity
held-here = mirrord ui już jej nie zna; ta strona zachowuje to, co widziała
stale-foot = Brak połączenia
stale-since = Wszystko poniżej jest z { $time }.
stale-signed-out = mirrord ui uruchomiono ponownie. Wypisz jego link i otwórz go w tej przeglądarce.
blocked-title = mirrord ui odrzuca ten adres
blocked-text = Proxy zmienia nagłówek Host. Uruchom mirrord ui tak, by znał nazwę tej strony:
socket-title = Połączenie na żywo się nie otwiera
socket-text = Żądania dostają odpowiedź, WebSocket /ws nie: coś po drodze go blokuje. Przepuść tam WebSockety.
no-cookies-text = Ta przeglądarka nie zapisuje tu ciasteczek. Wypisz link z tokenem:
no-cookies-foot = Potem otwórz go z #token= zamiast ?token=.
incomplete = Niepełne: tego, co idzie przez { $means }, nie widać
log-no-match = Żadne zdarzenie nie pasuje do filtra.
clear-filter = Pokaż wszystko
log-searching = Szukanie…
missed-lost = { $count ->
    [one] { $count } zdarzenie tu nie dotarło
    [few] { $count } zdarzenia tu nie dotarły
    [many] { $count } zdarzeń tu nie dotarło
   *[other] { $count } zdarzenia tu nie dotarło
}
missed-withheld = { $count ->
    [one] { $count } zdarzenie podano tylko jako liczbę
    [few] { $count } zdarzenia podano tylko jako liczbę
    [many] { $count } zdarzeń podano tylko jako liczbę
   *[other] { $count } zdarzenia podano tylko jako liczbę
}
missed-older = { $count ->
    [one] niezachowane wcześniejsze zdarzenia: { $count }
    [few] niezachowane wcześniejsze zdarzenia: { $count }
    [many] niezachowane wcześniejsze zdarzenia: { $count }
   *[other] niezachowane wcześniejsze zdarzenia: { $count }
}
following = Śledzenie · najnowsze na dole
not-following = Bez śledzenia
paused = Wstrzymano · czeka: { $count }
ended-foot = Zakończona
jump = Do najnowszych
shown = pokazano { $shown } z { $total }
ring-dropped = porzucono { $count } starszych
histogram = Zdarzenia w czasie
histogram-says = najwyżej { $count } zdarzeń na { $time }
remote = zdalne
local = lokalne
not-found = nie znaleziono
detail = Zdarzenie
close = Zamknij
field-path = ścieżka
field-operation = operacja
# Same as in English.
field-host = host
field-address = adres
# Same as in English.
field-port = port
field-protocol = protokół
field-mode = tryb
field-filter = filtr
field-method = metoda
field-variables = zmienne
field-command = polecenie
field-parent = nadrzędny
field-process = proces
field-time = czas
field-routing = trasa
field-rule = decyduje
into-session = po { $time }
show-values = Pokaż wartości
hide-values = Ukryj wartości
keys-title = Skróty klawiszowe
keys-hint = ? klawisze
keys-anywhere = Wszędzie
keys-session = W sesji
keys-log = W dzienniku
key-neighbours = Poprzednia, następna sesja
key-theme = Następny motyw
key-move = Następny, poprzedni wiersz
key-details = Szczegóły wiersza
key-pause = Wstrzymaj lub wznów
palette = Szukaj lub przejdź do
palette-placeholder = Szukaj lub przejdź do…
palette-found = { $count ->
    [one] { $count } pozycja
    [few] { $count } pozycje
    [many] { $count } pozycji
   *[other] { $count } pozycji
}
palette-nothing = Nic się tak nie nazywa.
palette-searching = Przeszukiwanie wszystkich sesji…
palette-partial = Może być ich więcej: wpisz więcej.
palette-failed = Nie udało się przeszukać sesji.
palette-not-kept = już nieprzechowywane
actions = Akcja
search-view = Filtruj tę tabelę
no-row-matches = Nic tu nie pasuje do filtra. Wyczyść go, aby zobaczyć wszystko.
covers-all = Liczone od początku sesji
covers-some = Liczone z { $count } zdarzeń
column-operations = operacje
column-first = pierwsze
column-last = ostatnie
column-destination = adres docelowy
column-name = nazwa
column-connections = połączenia
column-led-to = prowadzi do
column-lookups = zapytania
column-since = od
column-arrived = co nadeszło
column-requests = żądania
column-value = wartość
column-fetched = pobrana
# Same as in English.
column-pid = pid
column-ended = koniec
tab-summary = Podsumowanie
worth-a-look = Warto sprawdzić
nothing-stands-out = Na razie nic się nie wyróżnia.
nothing-stood-out = Nic się nie wyróżniło.
show-rows = Wiersze
found-died = { $command }: koniec przez { $signal }.
found-bind-failed = Nie udało się nasłuchiwać na porcie { $port }.
found-refused = Połączenia z { $destination } się nie udają.
found-not-followed = Zapytano o { $name } i nie było po tym połączenia.
found-no-answer = { $destination } nie odpowiada.
found-again = { $path }: szukane wciąż na próżno.
found-denied = Brak uprawnień do otwarcia { $path }.
found-nowhere = Szukano { $name } i nigdzie nie znaleziono.
found-unreached = Żadne połączenie nie dotarło do portu { $port }.
places-count = { $count ->
    [one] { $count } miejsce
    [few] { $count } miejsca
    [many] { $count } miejsc
   *[other] { $count } miejsca
}
files-looked-for = Szukane pliki
processes-died = Procesy przerwane
column-where = gdzie
column-result = wynik
column-times = razy
column-traffic = odebr. / wysł.
column-listens = nasłuchuje na
column-came = przyszło
answer-found = znaleziono
answer-written = zapisano
answer-denied = brak uprawnień
answer-connected = połączono
answer-failed = nieudane
answer-pending = jeszcze bez odpowiedzi
never = nigdy
died-of = przerwany: { $signal }
ended-with = kod wyjścia { $code }
not-listening = nie udało się zająć
loopback-only = tylko loopback
ipv6-only = tylko IPv6
failures = { $count } nieudane
failed-only = Tylko nieudane
with-children = Z potomkami
follow-process = Śledź { $process }
followed = Tylko { $process } i jego potomkowie, w każdym widoku
all-processes = Wszystkie procesy
# Same as in English.
column-folder = folder
no-connection-since = brak połączeń od { $time }
held-by = zajęty przez { $process }
listens-no-more = już nie nasłuchuje
listeners = Nasłuchuje
column-remark = uwaga
as-tree = Drzewo
not-found-count = nie znaleziono: { $count }
paths-count = { $count ->
    [one] { $count } ścieżka
    [few] { $count } ścieżki
    [many] { $count } ścieżek
   *[other] { $count } ścieżki
}
files-inside = { $count } wewnątrz
all-paths = Wszystkie ścieżki
files-written = Zapisane
found-in-place = znaleziono w miejscu { $place } z { $total }
looked-for-in = Gdzie szukano { $name }
path-story = Co działo się z tą ścieżką
outcome-over-time = Wynik w czasie
show-all = Pokaż wszystkie ({ $number })
show-fewer = Pokaż mniej
files-empty = Brak plików. Ścieżki pojawią się tu, gdy program po nie sięgnie.
more-events = { $count ->
    [one] inne zdarzenia, z braku miejsca: { $count }
    [few] inne zdarzenia, z braku miejsca: { $count }
    [many] inne zdarzenia, z braku miejsca: { $count }
   *[other] inne zdarzenia, z braku miejsca: { $count }
}
destinations = Połączenia
destinations-empty = Brak połączeń wychodzących. Adresy pojawią się tu, gdy program się połączy.
lookups = Zapytania o nazwy
lookups-empty = Brak zapytań DNS. Nazwy pojawią się tu, gdy program o jakąś zapyta.
column-duration = czas trwania
open-now = otwarte
unix-sockets = Gniazda Unix
no-connection = bez połączenia potem
sure-likely = prawdopodobne
sure-perhaps = możliwe
sure-note = Nazwa adresu to wniosek: ten sam proces pytał o nią do 5 s przed połączeniem. Prawdopodobne: była jedyna. Możliwe: ostatnia z kilku.
ports-empty = Brak subskrypcji portów. Porty pojawią się tu, gdy program zacznie nasłuchiwać, a sesja je obsłuży.
port-nothing = Subskrypcja jest, od { $time } nic nie nadeszło
port-nothing-yet = Subskrypcja jest, nic jeszcze nie nadeszło
port-not-watched = Port lokalny: ruch do niego nie jest obserwowany
all-ports-together = { " " }· ze wszystkich portów razem, bo żądanie nie podaje swojego
requests-count = { $count ->
    [one] { $count } żądanie
    [few] { $count } żądania
    [many] { $count } żądań
   *[other] { $count } żądania
}
the-last = ostatnie { $time }
requests = Odebrane żądania
requests-empty = Brak żądań. Wyślij jedno do celu; jeśli filtr je przepuści, pojawi się tutaj.
environment-empty = Nie pobrano zmiennych. Pojawią się tu, gdy sesja pobierze środowisko celu.
variables-count = { $count ->
    [one] { $count } zmienna
    [few] { $count } zmienne
    [many] { $count } zmiennych
   *[other] { $count } zmiennej
}
value-unknown = znana tylko nazwa
show-all-values = Pokaż wszystkie wartości
hidden-note = Ukryte znaczy tylko niewidoczne: klik pokazuje wartość. Programy z dostępem do API tego mirrord ui i tak ją widzą, telefon nigdy.
processes-empty = Brak procesów. Pojawią się tu, gdy wystartują w sesji.
running-count = { $count ->
    [one] { $count } działa
    [few] { $count } działają
    [many] { $count } działa
   *[other] { $count } działa
}
more-processes = { $count ->
    [one] dalsze, niezachowane: { $count }
    [few] dalsze, niezachowane: { $count }
    [many] dalsze, niezachowane: { $count }
   *[other] dalsze, niezachowane: { $count }
}
still-runs = działa
ran-for = działał { $time }
config-asked = Pobieranie konfiguracji sesji…
config-failed = Nie udało się pobrać konfiguracji.
config-none = Ta sesja działa bez pliku konfiguracji. Uruchom z mirrord exec -f mirrord.json, a reguły pojawią się tutaj.
config-no-text = Sesja podaje plik, ale nie jego treść.
decided-count = { $count ->
    [one] rozstrzyga { $count } zdarzenie
    [few] rozstrzyga { $count } zdarzenia
    [many] rozstrzyga { $count } zdarzeń
   *[other] rozstrzyga { $count } zdarzenia
}
default-rules = Reguły spoza pliku
default-rules-note = Zadziałały domyślnie. Wpis w pliku je zastąpi.
what-if = Co jeśli
what-if-hint = Zmień konfigurację i zobacz, co zmieniłaby w tym przebiegu
what-if-loading = Wczytywanie ewaluatora i zdarzeń tego przebiegu…
what-if-failed = Nie udało się wczytać ewaluatora lub zdarzeń.
what-if-label = Konfiguracja do wypróbowania
what-if-decided = Zdarzenia rozstrzygnięte na nowo: { $count }
what-if-range = zdarzenia { $first } do { $last }
what-if-problems = Błędy: { $count }. Dopóki są, nic nie jest rozstrzygane.
what-if-at = wiersz { $line }, kolumna { $column }
what-if-resolved = Tekst pliku JSON nie jest tu znany: to konfiguracja tak, jak ją zrozumiano.
what-if-none = Ten przebieg nie miał konfiguracji: porównanie z wartościami domyślnymi mirrord.
what-if-variables = Zmienne, które miały pierwszeństwo przed plikiem i nie są w tym tekście: { $names }
what-changes = Co się zmienia
changes-before = przed
changes-after = po
what-if-same = Rozstrzygnięte jak przedtem: { $count }
what-if-omitted = I więcej: { $count }
what-if-missing = Brakujące fakty, które zna tylko klaster lub maszyna
what-if-unhooked = Wywołania, których mirrord nigdy nie widzi: { $count }
suggestions = Sugestie
suggestions-note = Tylko z tego przebiegu. Zmiana jest scalana z konfiguracją.
suggestions-variables = Zmienne środowiskowe mają pierwszeństwo przed plikiem: nie sugeruje się jego zmian.
suggestion-try = Wypróbuj w „Co jeśli”
suggestion-rows = Operacje: { $count }
suggestion-changed = Rozstrzygnięte inaczej: { $count }
suggestion-unchanged = Niczego nie zmienia w tym przebiegu
suggestion-excluded-variable = Wykluczona, a użyto jej lokalnej wartości
suggestion-uncovered-destination = W żadnym wpisie filtra
suggestion-looks-remote = Szukano tu na próżno; może jest w klastrze
suggestion-looks-local = Wygląda na lokalne, a byłoby czytane w klastrze
suggestion-exists-locally = Istnieje tutaj, a byłoby czytane w klastrze
suggestion-aws-mapped = Domyślnie przeniesione w inne miejsce
suggestion-unused-port = Byłby subskrybowany, a nic nie nadeszło
suggestion-unused-rule = Nic nie rozstrzygnęło w tym przebiegu
nothing-redirected = Niczego nie przekierowano: routing pokazuje, dokąd trafiłaby każda operacja przy tej konfiguracji.
never-matched = nigdy nie pasowało
depends = zależy
unhooked-static = nieprzechwycone: program statyczny
unhooked-loader = nieprzechwycone: przez loader
download = Pobierz
figure-total = zdarzenia
figure-rate = tempo teraz
figure-peak = szczytowa sekunda
figure-lost = utracone po drodze
figure-withheld = podane tylko jako liczba
figure-older = sprzed najstarszego zachowanego
figure-given-up = porzucone przez dziennik strony
routing-unknown = ta sesja tego nie podaje
events-count = { $count ->
    [one] { $count } zdarzenie
    [few] { $count } zdarzenia
    [many] { $count } zdarzeń
   *[other] { $count } zdarzenia
}
chart-hint = Wskaż wykres lub ustaw na nim fokus i użyj strzałek.
each-bar = Jeden słupek to { $time }
as-table = Wykres jako tabela
top-paths = Najczęstsze ścieżki
top-hosts = Najczęstsze nazwy
only-like = Tylko takie
hide-like = Ukryj takie
any-process = Dowolny proces
any-routing = Dowolna trasa
filter-process = Filtruj po procesie
filter-routing = Filtruj po trasie
export = Eksportuj
export-hint = Zapisuje pokazane wiersze bez ukrytych wartości
more-characters = { $count ->
    [one] … dalsze znaki: { $count }; kopia ma wszystkie
    [few] … dalsze znaki: { $count }; kopia ma wszystkie
    [many] … dalsze znaki: { $count }; kopia ma wszystkie
   *[other] … dalsze znaki: { $count }; kopia ma wszystkie
}
no-namespace = bez przestrzeni nazw
no-key = bez klucza
overview = Wszystkie sesje
group-by = Grupuj
sort-by = Sortuj
by-status = Stan
by-target = Cel
by-namespace = Przestrzeń nazw
by-key = Klucz
by-nothing = Brak
sort-newest = Najnowsze
sort-name = Nazwa
sort-rate = Tempo
sort-events = Zdarzenia
sort-own = Własna
column-status = stan
column-session = sesja
column-processes = procesy
column-ports = porty
column-rate = tempo
column-routing = trasa
column-events = zdarzenia
column-age = wiek
routing-mock = symulowane
routing-error = błąd
choose-session = Wybierz { $session }
chosen-count = { $count ->
    [one] wybrano { $count }
    [few] wybrano { $count }
    [many] wybrano { $count }
   *[other] wybrano { $count }
}
show-together = Pokaż razem
at-most-together = Dziennik mieści najwyżej { $count } sesji.
clear-chosen = Odznacz wszystkie
move-session = Przesuń { $session }: strzałka w górę, w dół
moved-to = { $session }: miejsce { $place }
menu-of = Akcje: { $session }
details = Szczegóły
pin = Przypnij
unpin = Odepnij
move-up = W górę
move-down = W dół
pinned-word = przypięta
open-on-desktop = otwarta na komputerze
key-label = Klucz do grupowania
copy-socket = Kopiuj ścieżkę gniazda
end-ask = Zakończ…
end-title = Zakończyć tę sesję?
end-text = To zakończy polecenie i wszystkie jego procesy:
end-force = Dostaną prośbę o zakończenie, a po 5 s zostaną zmuszone.
end-released = Wydany mirrord nie zakończy stąd programu, tylko własne API sesji. Zakończ program przez jego procesy:
end-no-process = Jej procesy nie są znane.
end-now = { $count ->
    [one] Zakończ { $count } proces
    [few] Zakończ { $count } procesy
    [many] Zakończ { $count } procesów
   *[other] Zakończ { $count } procesu
}
end-session = Zakończ sesję
cancel = Anuluj
ending = Kończenie…
has-ended = Zakończyła się.
still-ending = Przyjęła prośbę, ale po 10 s jeszcze trwa. Próbuje dalej.
end-failed = Nie udało się jej zakończyć.
dismiss = Odrzuć
dismiss-all = { $count ->
    [one] Odrzuć { $count } zakończoną
    [few] Odrzuć { $count } zakończone
    [many] Odrzuć { $count } zakończonych
   *[other] Odrzuć { $count } zakończonej
}
dismiss-failed = Nie udało się jej odrzucić.
rename = Zmień nazwę…
rename-title = Nazwij tę sesję
rename-label = Nazwa
rename-text = Widoczna wszędzie tam, gdzie sesja. Pusta: nazwa, z którą sesja wystartowała, albo jej polecenie.
rename-save = Zapisz nazwę
audit-named-session = nazwano sesję
show-more = { $count ->
    [one] Pokaż jeszcze { $count }
    [few] Pokaż jeszcze { $count }
    [many] Pokaż jeszcze { $count }
   *[other] Pokaż jeszcze { $count }
}
together = { $count ->
    [one] { $count } sesja razem
    [few] { $count } sesje razem
    [many] { $count } sesji razem
   *[other] { $count } sesji razem
}
legend = Sesje tego dziennika
# Same as in English.
of-session = { $session }: { $text }
not-here = nie ma tutaj
key-choose = Wybierz sesję z fokusem
keys-overview = W przeglądzie
mirror-title = Pokaż na telefonie
mirror-heading = Twoje sesje na telefonie
mirror-lead = Ta sama strona, na żywo, na urządzeniu w twojej sieci; bez tajnych wartości.
mirror-settings = Ustawienia
mirror-off = Wyłączone
mirror-on = Włączone, brak połączeń
mirror-connected = { $count ->
    [one] połączono: { $count }
    [few] połączono: { $count }
    [many] połączono: { $count }
   *[other] połączono: { $count }
}
mirror-waiting = Teraz nieosiągalne
mirror-failed = Nie udało się uruchomić
mirror-local = Ten komputer
mirror-network = Sieć
mirror-user = Nazwa użytkownika
mirror-password = Hasło
mirror-from-settings = to z ustawień
mirror-from-environment = to ze środowiska
mirror-for-this-run = na to uruchomienie
mirror-connected-now = teraz połączone
mirror-no-answer = Brak odpowiedzi. Czy mirrord ui nadal działa?
mirror-pair-title = Sparuj telefon
mirror-pair-text = Zeskanuj kod aparatem telefonu. Wpuszcza jedno urządzenie, raz, przez pięć minut.
mirror-pair-off = Najpierw włącz lustro.
mirror-pair = Pokaż kod
mirror-new-code = Nowy kod
mirror-code = Kod QR adresu obok
mirror-time-left = Ważny jeszcze { $time }
mirror-too-old = Kod wygasł. Utwórz nowy.
mirror-used-by = Użyty przez: { $device }
mirror-copy-address = Kopiuj adres
mirror-devices = Urządzenia
mirror-no-devices = Żadne urządzenie nie jest zalogowane.
mirror-device-name = Nazwa urządzenia
mirror-viewer = tylko podgląd
mirror-controller = może kończyć sesje
mirror-grant = Pozwól kończyć sesje…
mirror-take-back = Tylko podgląd
mirror-revoke = Unieważnij…
mirror-revoke-all = Unieważnij wszystkie urządzenia…
mirror-seen = widziane { $time }
mirror-signed-in = zalogowane { $time }
mirror-expires = ponowne logowanie za { $time }
mirror-grant-ask = Pozwolić „{ $device }” kończyć sesje?
mirror-grant-text = Kto je trzyma, zakończy dowolną sesję i jej procesy oraz nazwie sesje. Tajnych wartości nadal nie widzi.
mirror-grant-go = Pozwól kończyć sesje
mirror-revoke-ask = Unieważnić „{ $device }”?
mirror-revoke-all-ask = Unieważnić wszystkie urządzenia?
mirror-revoke-text = Zostanie od razu wylogowane. Hasło zostaje: zmień je, jeśli ktoś nie powinien go mieć.
mirror-revoke-go = Unieważnij
mirror-networks = Interfejs sieciowy
mirror-everywhere = Wszystkie sieci
mirror-not-here = { $device } · teraz niedostępny
# Same as in English.
mirror-port = Port
mirror-port-hint = 1 do 65535
mirror-port-wrong = Liczba od 1 do 65535.
mirror-user-hint = Puste: ze środowiska albo mirrord.
mirror-password-hint = Od 8 do 256 znaków, nigdy nie pokazywane. Urządzenia pozostaną zalogowane.
mirror-password-wrong = Musi mieć od 8 do 256 znaków.
mirror-password-set = Ustawione; wpisz nowe
mirror-password-none = Losowe; wpisz własne
mirror-password-go = Ustaw
mirror-password-random = Wróć do losowego
mirror-tls = Szyfrowanie
mirror-tls-off = Wyłączone
mirror-tls-private = Prywatny urząd certyfikacji
mirror-tls-own = Własny certyfikat
mirror-tls-off-hint = Każdy w tej samej sieci może to czytać.
mirror-tls-private-hint = Utworzony na tym komputerze; telefon musi mu raz zaufać.
mirror-tls-own-hint = Bezwzględne ścieżki dwóch plików PEM.
mirror-tls-go = Użyj tego certyfikatu
mirror-certificate = Certyfikat
mirror-key = Klucz
mirror-trust = Zaufaj na telefonie
mirror-trust-open = Otwórz to na telefonie, pomijając ostrzeżenie:
mirror-trust-compare = Porównaj ten odcisk; jeśli się różni, przerwij:
mirror-trust-install = Zainstaluj certyfikat, jak mówi tamta strona.
mirror-trust-download = Pobierz certyfikat
mirror-names = Inne nazwy
mirror-names-hint = Inne nazwy hosta tego komputera, po przecinku.
mirror-auto-start = Uruchamiaj z mirrord ui
mirror-mdns = Ogłaszaj nazwę i port w sieci
mirror-command-lines = Pokazuj urządzeniom całe wiersze poleceń, także hasła w nich
mirror-audit = Co się działo
mirror-audit-text = Najnowsze na górze, bez sekretów.
mirror-audit-empty = Jeszcze nic.
mirror-banner = Lustro: { $machine } · tylko podgląd
mirror-banner-ends = Lustro: { $machine } · może kończyć sesje
mirror-sign-out = Wyloguj
mirror-sign-in = Zaloguj
mirror-turned-out-title = To urządzenie jest wylogowane
mirror-turned-out = Unieważniono je, wylogowano albo minęło 30 dni. Zaloguj się ponownie.
mirror-turned-out-foot = Albo zeskanuj nowy kod z komputera.
mirror-elsewhere-title = Ustawienia są na komputerze
mirror-elsewhere = Otwórz mirrord ui na tym komputerze.
mirror-values = Wartości zostają na komputerze; urządzenie dostaje tylko nazwy.
audit-started = nasłuchuje
audit-stopped = zatrzymano
audit-failed = nie może nasłuchiwać
audit-signed-in = zalogowano
audit-sign-in-failed = odmowa logowania
audit-throttled = ma poczekać
audit-ticket-made = utworzono kod
audit-paired = sparowano
audit-pairing-failed = kod odrzucony
audit-signed-out = wylogowano
audit-revoked = unieważniono
audit-device-changed = zmieniono urządzenie
audit-refused = odmowa
audit-ended-session = zakończono sesję
audit-settings-changed = zmieniono ustawienia

search-any-column = dowolna kolumna
search-has = { $column } zawiera { $value }
search-is = { $column } to { $value }
search-like = { $column } jest jak { $value }
search-matches = { $column } pasuje do { $value }
search-descends = proces { $process } lub taki, który on uruchomił
search-present = { $column } jest znane
search-and = { $first }, i { $second }
search-or = { $first }, lub { $second }
search-not = nie: { $what }
search-no-field = Nie ma pola { $name }
search-did-you-mean = { $problem }; może { $name }?
search-no-value = { $field }: nie ma wartości { $value }
search-not-number = { $field }: przyjmuje liczbę lub zakres, a { $value } nim nie jest
search-not-time = { $value } to nie czas
search-unfinished = Jeszcze niedokończone: { $part }
search-no-group = Ten ) nie ma (
search-too-much = Za dużo jak na jeden filtr
field-direction = kierunek
field-size = rozmiar
field-name = nazwa
match-place = { $place } z { $total }
match-next = Następne trafienie
match-previous = Poprzednie trafienie
key-matches = Następne lub poprzednie trafienie
saved-filters = Zapisane filtry
save-filter = Zapisz ten filtr
filter-name = Nazwa
delete-filter = Usuń { $name }
apply-filter = Filtruj według { $filter }
# Same as in English.
milliseconds = { $number } ms
times-since-before = Od poprzedniego wiersza
# Same as in English.
outcome-ok = ok
outcome-denied = brak dostępu
outcome-connected = połączono
outcome-failed = nieudane
outcome-pending = bez odpowiedzi
exit-code = kod { $code }
operation-lookup = zapytanie
bytes-in = odebrano { $bytes }
bytes-out = wysłano { $bytes }
repeats = ×{ $count } w { $time }
fold-repeats = Zwiń powtórzenia
columns = Kolumny
column-type = rodzaj
column-what = co
column-outcome = wynik
around = ±1 s wokół
all-times = Cały czas
copy-path = Kopiuj ścieżkę lub adres
copy-row = Kopiuj wiersz
copy-command = Kopiuj jako polecenie
row-absent = Zdarzenie #{ $row } z tego odnośnika nie jest tu przechowywane.
histogram-scale = Wysokości to pierwiastki kwadratowe
timeline-hint = Przeciągnij, aby wybrać przedział; klawisze: strzałki, Shift i strzałki, Esc
failed-count = { $count ->
   [one] { $count } nieudane
   [few] { $count } nieudane
   [many] { $count } nieudanych
  *[other] { $count } nieudanego
}
remove-term = Usuń: { $term }
play = Odtwórz
moments = Chwile nagrania
moment-event = zdarzenie { $event } z { $total }
whole-record = Całe nagranie
speed = Szybkość
comparison = Porównanie
compare = Porównaj
swap = Zamień
compare-again = Porównaj ponownie
nothing-differs = Brak różnic.
names-alike = Takie same: { $count }
not-compared = Zdarzenia dalszych nazw, nieporównane: { $count }
only-first = tylko w pierwszej
only-second = tylko w drugiej
changed-between = inaczej
other-value = inna wartość
just-seen = widziane
show-its-events = Pokaż zdarzenia
drop-record = Upuść tu nagrania, aby je otworzyć
opening-record = Otwieranie { $name }…
not-opened = Nie otwarto { $name }: { $reason }
open-record = Otwórz nagranie…
history-title = Historia
record = Nagrywaj
stop-recording = Zatrzymaj nagrywanie
record-hint = Zachowuje sesję w pliku na tym komputerze
save-record = Zapisz
save-record-hint = Zapisuje to, co zachowano z sesji, jako nagranie, które otwiera się po upuszczeniu na tę stronę
recording-to = Nagrywanie do { $file }
recording-ended = { $file }: nagrywanie zakończone: { $reason }
history-lead = Zakończone sesje, zachowane jako nagrania na tym komputerze. Nie ma w nich wartości zmiennych.
keep-history = Zachowuj kończące się sesje
search-history = Szukaj w historii
history-off = Sesje nie są zachowywane. Włącz, aby znaleźć je tutaj po zakończeniu.
history-empty = Nic jeszcze nie zachowano. Sesje pojawią się tu po zakończeniu.
history-bytes = { $bytes } z { $limit }
history-days = dni najwyżej: { $count }
delete = Usuń
delete-for-good = Usunąć na dobre?
end-group = Zakończ wszystkie
end-group-sure = Zakończyć wszystkie { $count }?
otlp-sent = { $sent } wysłano do { $endpoint }
