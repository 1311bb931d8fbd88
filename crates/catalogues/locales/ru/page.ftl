# Русский

# Same as in English.
app-name = mirrord
title = Монитор сеансов
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = редакция неизвестна
license-until = до { $date }
license-expired = истекла { $date }
upgrade = Перейти на Teams
opens-new-tab = В новой вкладке
all-sessions = mirrord, все сеансы
connecting = Подключение
syncing = Синхронизация
live = На связи
retrying = Повтор через { $seconds } с
retrying-now = Повтор
signed-out = Вход не выполнен
retry-now = Повторить сейчас
sessions-count = { $count ->
    [one] { $count } сеанс
    [few] { $count } сеанса
    [many] { $count } сеансов
   *[other] { $count } сеанса
}
per-second = { $rate }/с
dropped = { $count ->
    [one] { $count } потеряно
    [few] { $count } потеряно
    [many] { $count } потеряно
   *[other] { $count } потеряно
}
dropped-hint = Потеряно между сеансом и этой страницей
preferences = Настройки
theme = Тема
theme-is = Тема: { $theme }
theme-system = Системная
theme-light = Светлая
theme-dark = Тёмная
density = Плотность
density-compact = Компактно
density-comfortable = Свободно
times = Время
times-absolute = Время суток
times-relative = Сколько назад
times-since-start = С начала
language = Язык
language-of-browser = Как в браузере
single-keys = Сочетания из одной клавиши
show-env-values = Показать значения переменных
notify = Уведомлять о завершении сеанса
notify-blocked = Браузер блокирует уведомления этой страницы: разрешите их в его настройках.
notify-insecure = Уведомлениям нужен https или браузер на этой машине.
notify-missing = В этом браузере нет уведомлений.
notify-many = { $count ->
    [one] { $count } сеанс завершён
    [few] { $count } сеанса завершены
    [many] { $count } сеансов завершено
   *[other] { $count } сеанса завершено
}
skip = К содержимому
sessions = Сеансы
filter-sessions = Фильтр сеансов
group-live = работают
group-unresponsive = не отвечают
group-ended = завершены
none-matches = Нет подходящих сеансов.
more-sessions = { $count ->
    [one] сеансов вне списка: { $count }
    [few] сеансов вне списка: { $count }
    [many] сеансов вне списка: { $count }
   *[other] сеансов вне списка: { $count }
}
no-command = (команда неизвестна)
targetless = без цели
processes = { $count ->
    [one] { $count } процесс
    [few] { $count } процесса
    [many] { $count } процессов
   *[other] { $count } процесса
}
status-live = работает
status-unresponsive = не отвечает
status-ended = завершён
row-started = запущен
row-ended = завершён
ended-ago = { $time } назад
seconds = { $number } с
minutes = { $number } мин
hours = { $number } ч
days = { $number } д
empty-title = Нет работающих сеансов
empty-text = Запустите программу под mirrord, и она сразу появится здесь:
empty-foot = Сеансы выпущенного mirrord тоже видны.
loading-title = Поиск сеансов…
loading-sessions = Подождите.
unreachable-title = mirrord ui не отвечает
unreachable-text = Возможно, он остановлен. Запустите его, и страница вернётся:
signed-out-title = Вход не выполнен
signed-out-text = Нужна ссылка с токеном этого mirrord ui. Её выведет:
signed-out-foot = Затем откройте ссылку в этом браузере.
try-again = Повторить
stopped-title = Эта страница остановилась
stopped-text = В ней произошёл сбой. Сеансы продолжаются: обновите страницу, чтобы увидеть их. Отчёт поможет исправить ошибку.
reload = Обновить
copy-report = Копировать отчёт
copy = Копировать
copied = Скопировано
copy-table = Копировать как текст
printed-part = Напечатано то, что было видно. Всё целиком — на странице: { $action }
copy-failed = Скопируйте вручную
copy-id = Копировать ID
copy-json = Копировать JSON
gone-title = Этого сеанса здесь нет
gone-text = Он завершён до запуска mirrord ui, убран, или ссылка с другого компьютера.
back-to-list = Все сеансы
views = Представления сеанса
tab-events = События
tab-files = Файлы
tab-network = Сеть
tab-ports = Порты
tab-environment = Окружение
tab-processes = Процессы
tab-config = Конфигурация
tab-stats = Статистика
kind-file = файлы
# Same as in English.
kind-dns = dns
kind-connect = соединения
kind-port = порты
kind-request = запросы
kind-env = окружение
kind-process = процессы
kind-other = другие
one-file = файл
# Same as in English.
one-dns = dns
one-connect = соединение
one-port = порт
one-request = запрос
one-env = окружение
one-process = процесс
one-other = другое
filter-kinds = Виды событий
chip-hint = Щелчок: показать или скрыть, Alt+щелчок: только это
search = Слова, поле:значение, /regex/
search-label = Поиск по событиям
bad-pattern = Неверный шаблон
pause = Пауза
resume = Продолжить
# Same as in English.
plus-waiting = +{ $count }
clear = Очистить
clear-hint = Очищает этот журнал. Счётчики остаются.
log-label = События сеанса
log-loading = Загрузка прошлых событий…
log-failed = Не удалось загрузить прошлые события.
log-empty = Событий пока нет. Они появятся здесь по ходу работы программы.
log-empty-ended = От этого сеанса ничего не сохранено.
log-cleared = Очищено. Новые события появятся здесь.
log-cleared-ended = Очищено.
undo-clear = Отменить очистку
requests-not-seen = В этой сессии запросы не видны: она не обслуживает порты цели.
nothing-seen = До конца сессии ничего такого не замечено.
before-start = до начала: { $count }
ended-broken = её mirrord был убит
held-here = mirrord ui её больше не знает; здесь то, что видела страница
stale-foot = Нет связи
stale-since = Всё ниже — на { $time }.
stale-signed-out = mirrord ui запущен заново. Выведите ссылку и откройте её в этом браузере.
blocked-title = mirrord ui отклоняет этот адрес
blocked-text = Прокси меняет заголовок Host. Запустите mirrord ui так, чтобы он знал имя этой страницы:
socket-title = Живое соединение не открывается
socket-text = Запросы проходят, WebSocket на /ws — нет: что-то по пути его блокирует. Пропустите там WebSocket.
no-cookies-text = Браузер не хранит здесь cookie. Выведите ссылку с токеном:
no-cookies-foot = Затем откройте её с #token= вместо ?token=.
incomplete = Неполно: то, что идёт через { $means }, не видно
log-no-match = Нет событий, подходящих под фильтр.
clear-filter = Показать все
log-searching = Поиск…
missed-lost = { $count ->
    [one] событий не дошло: { $count }
    [few] событий не дошло: { $count }
    [many] событий не дошло: { $count }
   *[other] событий не дошло: { $count }
}
missed-withheld = { $count ->
    [one] событий передано только числом: { $count }
    [few] событий передано только числом: { $count }
    [many] событий передано только числом: { $count }
   *[other] событий передано только числом: { $count }
}
missed-older = { $count ->
    [one] старых событий не сохранено: { $count }
    [few] старых событий не сохранено: { $count }
    [many] старых событий не сохранено: { $count }
   *[other] старых событий не сохранено: { $count }
}
following = Слежение · новые внизу
not-following = Без слежения
paused = Пауза · ждут: { $count }
ended-foot = Завершён
jump = К новым
shown = показано { $shown } из { $total }
ring-dropped = вытеснено старых: { $count }
histogram = События во времени
histogram-says = не больше { $count } событий за { $time }
remote = удалённо
local = локально
not-found = не найдено
detail = Событие
close = Закрыть
field-path = путь
field-operation = операция
field-host = хост
field-address = адрес
field-port = порт
field-protocol = протокол
field-mode = режим
field-filter = фильтр
field-method = метод
field-variables = переменные
field-command = команда
field-parent = родитель
field-process = процесс
field-time = время
field-routing = маршрут
field-rule = решило
into-session = через { $time }
show-values = Показать значения
hide-values = Скрыть значения
keys-title = Сочетания клавиш
keys-hint = ? клавиши
keys-anywhere = Везде
keys-session = В сеансе
keys-log = В журнале
key-neighbours = Предыдущий, следующий сеанс
key-theme = Следующая тема
key-move = Следующая, предыдущая строка
key-details = Подробности строки
key-pause = Пауза или продолжить
palette = Найти или перейти
palette-placeholder = Найти или перейти…
palette-found = { $count ->
    [one] найдено: { $count }
    [few] найдено: { $count }
    [many] найдено: { $count }
   *[other] найдено: { $count }
}
palette-nothing = Ничего с таким именем.
palette-searching = Поиск по всем сеансам…
palette-partial = Может быть больше: введите ещё.
palette-failed = Не удалось выполнить поиск по сеансам.
palette-not-kept = больше не хранится
actions = Действие
search-view = Фильтр таблицы
no-row-matches = Под фильтр ничего не подходит. Очистите его, чтобы видеть всё.
covers-all = Подсчёт с начала сеанса
covers-some = Подсчёт по { $count } событиям
column-operations = операции
column-first = первое
column-last = последнее
column-destination = назначение
column-name = имя
column-connections = соединения
column-led-to = привело к
column-lookups = запросы
column-since = с
column-arrived = поступило
column-requests = запросы
column-value = значение
column-fetched = получена
# Same as in English.
column-pid = pid
column-ended = конец
tab-summary = Сводка
worth-a-look = Стоит взглянуть
nothing-stands-out = Пока ничего не выделяется.
nothing-stood-out = Ничего не выделилось.
show-rows = Строки
found-died = { $command }: завершён сигналом { $signal }.
found-bind-failed = Не удалось слушать порт { $port }.
found-refused = Соединения с { $destination } не удаются.
found-not-followed = Имя { $name } запрошено, соединения не последовало.
found-no-answer = { $destination } не отвечает.
found-again = { $path } ищут снова и снова, напрасно.
found-denied = Нет прав открыть { $path }.
found-nowhere = { $name } искали и нигде не нашли.
found-unreached = До порта { $port } не дошло ни одно соединение.
places-count = { $count ->
    [one] { $count } место
    [few] { $count } места
    [many] { $count } мест
   *[other] { $count } места
}
files-looked-for = Искомые файлы
processes-died = Аварийно завершённые процессы
column-where = где
column-result = результат
column-times = раз
column-traffic = вх. / исх.
column-listens = слушает
column-came = пришло
answer-found = найден
answer-written = записан
answer-denied = нет прав
answer-connected = соединено
answer-failed = ошибка
answer-pending = ответа пока нет
never = никогда
died-of = сигнал { $signal }
ended-with = код выхода { $code }
not-listening = занять не удалось
loopback-only = только loopback
ipv6-only = только IPv6
failures = ошибок: { $count }
failed-only = Только ошибки
with-children = С потомками
follow-process = Следить за { $process }
followed = Только { $process } и его потомки, во всех видах
all-processes = Все процессы
column-folder = папка
no-connection-since = нет соединений с { $time }
held-by = занят процессом { $process }
listens-no-more = больше не слушает
listeners = Слушает
column-remark = примечание
as-tree = Дерево
not-found-count = не найдено: { $count }
paths-count = { $count ->
    [one] { $count } путь
    [few] { $count } пути
    [many] { $count } путей
   *[other] { $count } пути
}
files-inside = внутри: { $count }
all-paths = Все пути
files-written = Записано
found-in-place = найдено в месте { $place } из { $total }
looked-for-in = Где искали { $name }
path-story = Что происходило с этим путём
outcome-over-time = Результат по времени
show-all = Показать все ({ $number })
show-fewer = Показать меньше
files-empty = Файлов пока нет. Они появятся здесь, когда программа к ним обратится.
more-events = { $count ->
    [one] событий без места в таблице: { $count }
    [few] событий без места в таблице: { $count }
    [many] событий без места в таблице: { $count }
   *[other] событий без места в таблице: { $count }
}
destinations = Соединения
destinations-empty = Исходящих соединений пока нет. Они появятся здесь, когда программа подключится.
lookups = Запрошенные имена
lookups-empty = DNS-запросов пока нет. Имена появятся здесь, когда программа их запросит.
column-duration = длительность
open-now = открыто
unix-sockets = Сокеты Unix
no-connection = без соединения
sure-likely = вероятно
sure-perhaps = возможно
sure-note = Имя для адреса — вывод: тот же процесс запросил его в последние 5 с до соединения. Вероятно: только его. Возможно: последним.
ports-empty = Подписок пока нет. Порты появятся здесь, когда программа начнёт слушать через сеанс.
port-nothing = Подписка есть, за { $time } ничего не поступило
port-nothing-yet = Подписка есть, пока ничего не поступило
port-not-watched = Локальный порт: он не отслеживается
all-ports-together = { " " }· по всем портам вместе: запрос не называет свой порт
requests-count = { $count ->
    [one] { $count } запрос
    [few] { $count } запроса
    [many] { $count } запросов
   *[other] { $count } запроса
}
the-last = последний { $time }
requests = Поступившие запросы
requests-empty = Запросов пока нет. Отправьте запрос цели; фильтр должен его пропустить.
environment-empty = Переменных пока нет. Они появятся здесь, когда сеанс получит окружение цели.
variables-count = { $count ->
    [one] { $count } переменная
    [few] { $count } переменные
    [many] { $count } переменных
   *[other] { $count } переменной
}
value-unknown = известно только имя
show-all-values = Показать все значения
hidden-note = Скрыто — лишь не на виду: щелчок покажет значение. Программам с доступом к API этого mirrord ui оно видно, телефону — никогда.
processes-empty = Процессов пока нет. Они появятся здесь, когда запустятся.
running-count = { $count ->
    [one] { $count } работает
    [few] { $count } работают
    [many] { $count } работают
   *[other] { $count } работают
}
more-processes = { $count ->
    [one] других не сохранено: { $count }
    [few] других не сохранено: { $count }
    [many] других не сохранено: { $count }
   *[other] других не сохранено: { $count }
}
still-runs = работает
ran-for = работал { $time }
config-asked = Запрос конфигурации у сеанса…
config-failed = Не удалось получить конфигурацию.
config-none = Файла конфигурации нет. С mirrord exec -f mirrord.json его правила появятся здесь.
config-no-text = Сеанс называет файл, но не его содержимое.
decided-count = { $count ->
    [one] решило { $count } событие
    [few] решило { $count } события
    [many] решило { $count } событий
   *[other] решило { $count } события
}
default-rules = Правила, которых нет в файле
default-rules-note = Решали по умолчанию. Правило в файле их заменит.
what-if = Что если
what-if-hint = Изменить конфигурацию и увидеть, что она изменила бы в этом запуске
what-if-loading = Загрузка вычислителя и событий этого запуска…
what-if-failed = Не удалось загрузить вычислитель или события.
what-if-label = Пробная конфигурация
what-if-decided = Событий решено заново: { $count }
what-if-range = события с { $first } по { $last }
what-if-problems = Ошибок: { $count }. Пока они есть, ничего не решается.
what-if-at = строка { $line }, столбец { $column }
what-if-resolved = Текст файла JSON здесь неизвестен: это конфигурация в том виде, как она понята.
what-if-none = У этого запуска не было конфигурации: сравнение со значениями mirrord по умолчанию.
what-if-variables = Переменные, которые имели приоритет перед файлом и которых нет в этом тексте: { $names }
what-changes = Что изменится
changes-before = до
changes-after = после
what-if-same = Решено как прежде: { $count }
what-if-omitted = И ещё: { $count }
what-if-missing = Недостающие сведения, известные только кластеру или машине
what-if-unhooked = Вызовы, которых mirrord не видит: { $count }
suggestions = Предложения
suggestions-note = Только по этому запуску. Изменение вливается в конфигурацию.
suggestions-variables = Переменные окружения важнее файла: изменений для него не предлагается.
suggestion-try = Попробовать в «Что если»
suggestion-rows = Операций: { $count }
suggestion-changed = Решено иначе: { $count }
suggestion-unchanged = Ничего не меняет в этом запуске
suggestion-excluded-variable = Исключена, а её локальное значение использовано
suggestion-uncovered-destination = Нет ни в одной записи фильтра
suggestion-looks-remote = Безуспешно искали здесь; возможно, есть в кластере
suggestion-looks-local = Похоже на локальное, а читалось бы в кластере
suggestion-exists-locally = Есть здесь, а читалось бы в кластере
suggestion-aws-mapped = По умолчанию перенесено в другое место
suggestion-unused-port = Был бы подписан, но ничего не пришло
suggestion-unused-rule = Ничего не решило в этом запуске
nothing-redirected = Ничего не перенаправлялось: маршрут показывает, куда шла бы каждая операция при этой конфигурации.
never-matched = не сработало ни разу
depends = зависит
unhooked-static = не перехвачено: статическая программа
unhooked-loader = не перехвачено: загрузчиком
download = Скачать
figure-total = события
figure-rate = частота сейчас
figure-peak = пиковая секунда
figure-lost = потеряно в пути
figure-withheld = переданы только числом
figure-older = до старейшего сохранённого
figure-given-up = вытеснено из журнала страницы
routing-unknown = сеанс этого не сообщает
events-count = { $count ->
    [one] { $count } событие
    [few] { $count } события
    [many] { $count } событий
   *[other] { $count } события
}
chart-hint = Наведите на график или выберите его и нажимайте стрелки.
each-bar = Столбец — { $time }
as-table = График таблицей
top-paths = Самые частые пути
top-hosts = Самые частые имена
only-like = Только такие
hide-like = Скрыть такие
any-process = Любой процесс
any-routing = Любой маршрут
filter-process = Фильтр по процессу
filter-routing = Фильтр по маршруту
export = Экспорт
export-hint = Сохраняет показанные строки без скрытых значений
more-characters = { $count ->
    [one] … ещё { $count } симв.; копия полная
    [few] … ещё { $count } симв.; копия полная
    [many] … ещё { $count } симв.; копия полная
   *[other] … ещё { $count } симв.; копия полная
}
no-namespace = без пространства имён
no-key = без ключа
overview = Все сеансы
group-by = Группировка
sort-by = Сортировка
by-status = Состояние
by-target = Цель
by-namespace = Пространство имён
by-key = Ключ
by-nothing = Нет
sort-newest = Новые
sort-name = Имя
sort-rate = Частота
sort-events = События
sort-own = Свой порядок
column-status = состояние
column-session = сеанс
column-processes = процессы
column-ports = порты
column-rate = частота
column-routing = маршрут
column-events = события
column-age = возраст
routing-mock = имитация
routing-error = ошибка
choose-session = Выбрать { $session }
chosen-count = { $count ->
    [one] выбран { $count }
    [few] выбрано { $count }
    [many] выбрано { $count }
   *[other] выбрано { $count }
}
show-together = Показать вместе
at-most-together = В журнал входит не больше { $count } сеансов.
clear-chosen = Снять выбор
move-session = Переместить { $session }: стрелки вверх, вниз
moved-to = { $session }: место { $place }
menu-of = Действия: { $session }
details = Подробности
pin = Закрепить
unpin = Открепить
move-up = Вверх
move-down = Вниз
pinned-word = закреплён
open-on-desktop = открыт на компьютере
key-label = Ключ для группировки
copy-socket = Копировать путь сокета
end-ask = Завершить…
end-title = Завершить этот сеанс?
end-text = Будут завершены команда и все её процессы:
end-force = Их попросят завершиться, а через 5 с завершат принудительно.
end-released = Выпущенный mirrord завершает отсюда только свой API сеанса. Завершите процессы:
end-no-process = Его процессы неизвестны.
end-now = { $count ->
    [one] Завершить { $count } процесс
    [few] Завершить { $count } процесса
    [many] Завершить { $count } процессов
   *[other] Завершить { $count } процесса
}
end-session = Завершить сеанс
cancel = Отмена
ending = Завершение…
has-ended = Он завершён.
still-ending = Запрос принят, но за 10 с сеанс не завершён. Попытки идут.
end-failed = Не удалось завершить.
dismiss = Убрать
dismiss-all = { $count ->
    [one] Убрать завершённые: { $count }
    [few] Убрать завершённые: { $count }
    [many] Убрать завершённые: { $count }
   *[other] Убрать завершённые: { $count }
}
dismiss-failed = Не удалось убрать.
rename = Переименовать…
rename-title = Имя этого сеанса
rename-label = Имя
rename-text = Показывается везде, где есть сеанс. Если пусто, действует имя, с которым он запущен, или его команда.
rename-save = Сохранить имя
audit-named-session = сеанс переименован
show-more = { $count ->
    [one] Показать ещё { $count }
    [few] Показать ещё { $count }
    [many] Показать ещё { $count }
   *[other] Показать ещё { $count }
}
together = { $count ->
    [one] { $count } сеанс вместе
    [few] { $count } сеанса вместе
    [many] { $count } сеансов вместе
   *[other] { $count } сеанса вместе
}
legend = Сеансы этого журнала
# Same as in English.
of-session = { $session }: { $text }
not-here = не здесь
key-choose = Выбрать сеанс в фокусе
keys-overview = В обзоре
mirror-title = Показать на телефоне
mirror-heading = Ваши сеансы на телефоне
mirror-lead = Та же страница вживую на устройстве вашей сети, без секретов.
mirror-settings = Настройки
mirror-off = Выключено
mirror-on = Включено, подключений нет
mirror-connected = { $count ->
    [one] подключено: { $count }
    [few] подключено: { $count }
    [many] подключено: { $count }
   *[other] подключено: { $count }
}
mirror-waiting = Сейчас недоступно
mirror-failed = Не удалось запустить
mirror-local = Этот компьютер
mirror-network = Сеть
mirror-user = Имя пользователя
mirror-password = Пароль
mirror-from-settings = из настроек
mirror-from-environment = из окружения
mirror-for-this-run = на этот запуск
mirror-connected-now = подключено сейчас
mirror-no-answer = Нет ответа. Работает ли ещё mirrord ui?
mirror-pair-title = Привязать телефон
mirror-pair-text = Наведите на код камеру телефона. Он впустит одно устройство и действует пять минут.
mirror-pair-off = Сначала включите зеркало.
mirror-pair = Показать код
mirror-new-code = Новый код
mirror-code = QR-код адреса рядом
mirror-time-left = Действует ещё { $time }
mirror-too-old = Код устарел. Создайте новый.
mirror-used-by = Использован: { $device }
mirror-copy-address = Копировать адрес
mirror-devices = Устройства
mirror-no-devices = Ни одно устройство не вошло.
mirror-device-name = Имя устройства
mirror-viewer = только просмотр
mirror-controller = может завершать сеансы
mirror-grant = Разрешить завершать сеансы…
mirror-take-back = Только просмотр
mirror-revoke = Отозвать…
mirror-revoke-all = Отозвать все устройства…
mirror-seen = было { $time }
mirror-signed-in = вошло { $time }
mirror-expires = новый вход через { $time }
mirror-grant-ask = Разрешить «{ $device }» завершать сеансы?
mirror-grant-text = С него можно будет завершить любой сеанс и его процессы и давать сеансам имена, но не увидеть секретные значения.
mirror-grant-go = Разрешить завершать сеансы
mirror-revoke-ask = Отозвать «{ $device }»?
mirror-revoke-all-ask = Отозвать все устройства?
mirror-revoke-text = Оно сразу выйдет. Пароль остаётся; если надо, смените его.
mirror-revoke-go = Отозвать
mirror-networks = Сетевой интерфейс
mirror-everywhere = Все сети
mirror-not-here = { $device } · сейчас нет
mirror-port = Порт
mirror-port-hint = от 1 до 65535
mirror-port-wrong = Число от 1 до 65535.
mirror-user-hint = Пусто: из окружения или mirrord.
mirror-password-hint = От 8 до 256 знаков, не показывается. Вошедшие устройства остаются.
mirror-password-wrong = От 8 до 256 знаков.
mirror-password-set = Задан; введите новый
mirror-password-none = Случайный; введите свой
mirror-password-go = Задать
mirror-password-random = Вернуть случайный
mirror-tls = Шифрование
mirror-tls-off = Выключено
mirror-tls-private = Частный центр сертификации
mirror-tls-own = Свой сертификат
mirror-tls-off-hint = Любой в этой сети может всё прочесть.
mirror-tls-private-hint = Создан здесь; телефон должен ему довериться.
mirror-tls-own-hint = Полные пути двух файлов PEM.
mirror-tls-go = Использовать этот сертификат
mirror-certificate = Сертификат
mirror-key = Ключ
mirror-trust = Доверие на телефоне
mirror-trust-open = Откройте на телефоне, минуя предупреждение:
mirror-trust-compare = Сверьте отпечаток; если он другой, остановитесь:
mirror-trust-install = Установите сертификат по указаниям той страницы.
mirror-trust-download = Скачать сертификат
mirror-names = Другие имена
mirror-names-hint = Имена этого компьютера через запятую.
mirror-auto-start = Запускать с mirrord ui
mirror-mdns = Объявлять имя и порт в сети
mirror-command-lines = Показывать устройствам командные строки целиком, включая пароли в них
mirror-audit = Что происходило
mirror-audit-text = Сначала новое, без секретов.
mirror-audit-empty = Пока ничего.
mirror-banner = Зеркало { $machine } · только просмотр
mirror-banner-ends = Зеркало { $machine } · может завершать сеансы
mirror-sign-out = Выйти
mirror-sign-in = Войти
mirror-turned-out-title = Устройство вышло
mirror-turned-out = Доступ отозван или прошло 30 дней. Войдите снова.
mirror-turned-out-foot = Или сканируйте новый код с компьютера.
mirror-elsewhere-title = Настройки — на компьютере
mirror-elsewhere = Откройте mirrord ui на самом компьютере.
mirror-values = Значения остаются на компьютере; устройство получает только имена.
audit-started = слушает
audit-stopped = остановлено
audit-failed = не удалось слушать
audit-signed-in = вход
audit-sign-in-failed = вход отклонён
audit-throttled = должен ждать
audit-ticket-made = код создан
audit-paired = привязано
audit-pairing-failed = код отклонён
audit-signed-out = выход
audit-revoked = отозвано
audit-device-changed = устройство изменено
audit-refused = отказано
audit-ended-session = сеанс завершён
audit-settings-changed = настройки изменены

search-any-column = любой столбец
search-has = { $column } содержит { $value }
search-is = { $column } — { $value }
search-like = { $column } похоже на { $value }
search-matches = { $column } подходит под { $value }
search-descends = процесс { $process } или запущенный им
search-present = { $column } известно
search-and = { $first }, и { $second }
search-or = { $first }, или { $second }
search-not = не: { $what }
search-no-field = Нет поля { $name }
search-did-you-mean = { $problem }; возможно, { $name }?
search-no-value = { $field }: нет значения { $value }
search-not-number = { $field }: нужно число или диапазон, а { $value } — нет
search-not-time = { $value } — не время
search-unfinished = Ещё не закончено: { $part }
search-no-group = У этой ) нет (
search-too-much = Слишком много для одного фильтра
field-direction = направление
field-size = размер
field-name = имя
match-place = { $place } из { $total }
match-next = Следующее совпадение
match-previous = Предыдущее совпадение
key-matches = Следующее или предыдущее совпадение
saved-filters = Сохранённые фильтры
save-filter = Сохранить этот фильтр
filter-name = Название
delete-filter = Удалить { $name }
apply-filter = Фильтр по { $filter }
milliseconds = { $number } мс
times-since-before = От предыдущей строки
outcome-ok = ок
outcome-denied = нет доступа
outcome-connected = соединено
outcome-failed = сбой
outcome-pending = нет ответа
exit-code = код { $code }
operation-lookup = запрос
bytes-in = принято { $bytes }
bytes-out = отправлено { $bytes }
repeats = ×{ $count } за { $time }
fold-repeats = Свернуть повторы
columns = Столбцы
column-type = тип
column-what = что
column-outcome = итог
around = ±1 с вокруг
all-times = Всё время
copy-path = Копировать путь или адрес
copy-row = Копировать строку
copy-command = Копировать как команду
row-absent = Событие #{ $row } из этой ссылки здесь не сохранилось.
histogram-scale = Высоты — квадратные корни
timeline-hint = Тяните, чтобы выбрать время; клавиши: стрелки, Shift и стрелки, Esc
failed-count = { $count ->
   [one] { $count } сбой
   [few] { $count } сбоя
   [many] { $count } сбоев
  *[other] { $count } сбоя
}
remove-term = Убрать: { $term }
play = Воспроизвести
moments = Моменты записи
moment-event = событие { $event } из { $total }
whole-record = Вся запись
speed = Скорость
comparison = Сравнение
compare = Сравнить
swap = Поменять местами
compare-again = Сравнить снова
nothing-differs = Различий нет.
names-alike = Одинаковых: { $count }
not-compared = События прочих имён без сравнения: { $count }
only-first = только в первой
only-second = только во второй
changed-between = иначе
other-value = другое значение
just-seen = встречалось
show-its-events = Показать события
drop-record = Перетащите записи сюда, чтобы открыть их
opening-record = Открывается { $name }…
not-opened = { $name } не открыть: { $reason }
open-record = Открыть запись…
history-title = История
record = Записывать
stop-recording = Остановить запись
record-hint = Сохраняет сеанс в файл на этом компьютере
save-record = Сохранить
save-record-hint = Сохраняет то, что осталось от сеанса, как запись; она открывается, если перетащить её на эту страницу
recording-to = Запись в { $file }
recording-ended = { $file }: запись окончена: { $reason }
history-lead = Завершённые сеансы, сохранённые как записи на этом компьютере. Значений переменных в них нет.
keep-history = Сохранять завершённые сеансы
search-history = Поиск в истории
history-off = Сеансы не сохраняются. Включите, чтобы находить их здесь после завершения.
history-empty = Пока ничего не сохранено. Сеансы появятся здесь после завершения.
history-bytes = { $bytes } из { $limit }
history-days = дней не более: { $count }
delete = Удалить
delete-for-good = Удалить навсегда?
end-group = Завершить все
end-group-sure = Завершить все { $count }?
otlp-sent = { $sent } отправлено на { $endpoint }
