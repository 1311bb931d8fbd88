# 한국어

# Same as in English.
app-name = mirrord
title = 세션 모니터
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = 에디션 알 수 없음
license-until = { $date }까지
license-expired = { $date } 만료됨
upgrade = Teams로 업그레이드
opens-new-tab = 새 탭에서 열기
all-sessions = mirrord, 모든 세션
connecting = 연결 중
syncing = 동기화 중
live = 실시간
retrying = { $seconds }초 후 재시도
retrying-now = 재시도 중
signed-out = 로그아웃됨
retry-now = 지금 재시도
sessions-count = { $count ->
   *[other] 세션 { $count }개
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
   *[other] { $count }개 유실
}
dropped-hint = 세션과 이 페이지 사이에서 유실된 이벤트
preferences = 환경설정
theme = 테마
theme-is = 테마: { $theme }
theme-system = 시스템
theme-light = 밝게
theme-dark = 어둡게
density = 간격
density-compact = 좁게
density-comfortable = 넓게
times = 시간
times-absolute = 시각
times-relative = 경과 시간
times-since-start = 시작 이후
language = 언어
language-of-browser = 브라우저 설정
single-keys = 단일 키 단축키
show-env-values = 변수 값 표시
notify = 세션이 끝나면 알림
notify-blocked = 브라우저가 이 페이지의 알림을 차단합니다. 브라우저 설정에서 허용하세요.
notify-insecure = 알림에는 https 또는 이 컴퓨터의 브라우저가 필요합니다.
notify-missing = 이 브라우저에는 알림이 없습니다.
notify-many = { $count ->
   *[other] 세션 { $count }개 종료됨
}
skip = 콘텐츠로 건너뛰기
sessions = 세션
filter-sessions = 세션 필터링
group-live = 실행 중
group-unresponsive = 응답 없음
group-ended = 종료됨
none-matches = 일치하는 세션이 없습니다.
more-sessions = { $count ->
   *[other] 표시되지 않은 세션 { $count }개
}
no-command = (명령 알 수 없음)
targetless = 대상 없음
processes = { $count ->
   *[other] 프로세스 { $count }개
}
status-live = 실행 중
status-unresponsive = 응답 없음
status-ended = 종료됨
row-started = 시작됨
row-ended = 종료됨
ended-ago = { $time } 전
seconds = { $number }초
minutes = { $number }분
hours = { $number }시간
days = { $number }일
empty-title = 실행 중인 세션이 없습니다
empty-text = mirrord로 프로그램을 실행하면 바로 여기에 표시됩니다:
empty-foot = 릴리스된 mirrord의 세션도 찾습니다.
loading-title = 세션을 찾는 중…
loading-sessions = 잠시만 기다려 주세요.
unreachable-title = mirrord ui가 응답하지 않습니다
unreachable-text = 중지되었을 수 있습니다. 다시 시작하면 이 페이지가 자동으로 복구됩니다:
signed-out-title = 로그아웃되었습니다
signed-out-text = 이 페이지에는 실행 중인 mirrord ui의 토큰이 포함된 링크가 필요합니다. 다음 명령으로 출력하세요:
signed-out-foot = 그런 다음 출력된 링크를 이 브라우저에서 여세요.
try-again = 다시 시도
stopped-title = 이 페이지가 중지되었습니다
stopped-text = 페이지에 문제가 생겼습니다. 세션은 계속됩니다. 보려면 페이지를 새로 고치세요. 보고서는 문제를 고치는 데 도움이 됩니다.
reload = 새로 고침
copy-report = 보고서 복사
copy = 복사
copied = 복사됨
copy-table = 텍스트로 복사
printed-part = 화면에 보이던 부분만 인쇄했습니다. 전체는 페이지에서: { $action }
copy-failed = 선택하여 직접 복사하세요
copy-id = ID 복사
copy-json = JSON 복사
gone-title = 이 세션은 여기에 없습니다
gone-text = mirrord ui가 시작되기 전에 종료되었거나, 목록에서 제거되었거나, 다른 컴퓨터의 링크입니다.
back-to-list = 모든 세션
views = 세션 보기
tab-events = 이벤트
tab-files = 파일
tab-network = 네트워크
tab-ports = 포트
tab-environment = 환경 변수
tab-processes = 프로세스
tab-config = 설정
tab-stats = 통계
kind-file = 파일
# Same as in English.
kind-dns = dns
kind-connect = 연결
kind-port = 포트
kind-request = 요청
kind-env = 환경
kind-process = 프로세스
kind-other = 기타
one-file = 파일
# Same as in English.
one-dns = dns
one-connect = 연결
one-port = 포트
one-request = 요청
one-env = 환경
one-process = 프로세스
one-other = 기타
filter-kinds = 이벤트 종류
chip-hint = 클릭하여 표시 또는 숨기기, Alt+클릭하여 이것만 표시
search = 단어, field:value, /regex/
search-label = 이벤트 검색
bad-pattern = 잘못된 정규식입니다
pause = 일시 중지
resume = 재개
# Same as in English.
plus-waiting = +{ $count }
clear = 지우기
clear-hint = 이 로그를 비웁니다. 개수는 유지됩니다.
log-label = 세션의 이벤트
log-loading = 지금까지의 이벤트를 가져오는 중…
log-failed = 이전 이벤트를 가져올 수 없습니다.
log-empty = 아직 이벤트가 없습니다. 프로그램이 실행되면 여기에 표시됩니다.
log-empty-ended = 이 세션에 보관된 내용이 없습니다.
log-cleared = 지웠습니다. 새 이벤트가 여기에 표시됩니다.
log-cleared-ended = 지웠습니다.
undo-clear = 지우기 취소
requests-not-seen = 이 세션에서는 요청을 볼 수 없습니다. 대상의 포트를 제공하지 않습니다.
nothing-seen = 세션이 끝날 때까지 해당하는 것이 없었습니다.
before-start = 시작 전: { $count }
ended-broken = mirrord가 강제 종료됨
held-here = mirrord ui가 더는 알지 못합니다. 이 페이지가 본 내용입니다
stale-foot = 연결 없음
stale-since = 아래는 { $time } 기준입니다.
stale-signed-out = mirrord ui가 다시 시작되었습니다. 링크를 출력해 이 브라우저에서 여세요.
blocked-title = mirrord ui가 이 주소를 거부합니다
blocked-text = 프록시가 Host 헤더를 바꿉니다. 이 페이지의 이름을 알도록 mirrord ui를 시작하세요:
socket-title = 실시간 연결이 열리지 않습니다
socket-text = 요청에는 응답이 있지만 /ws의 WebSocket은 중간에서 막혔습니다. WebSocket을 허용하세요.
no-cookies-text = 이 브라우저는 쿠키를 저장하지 않습니다. 토큰이 든 링크를 출력하세요:
no-cookies-foot = ?token= 대신 #token=으로 여세요.
incomplete = 불완전: { $means }을(를) 지나는 것은 보이지 않습니다
log-no-match = 필터와 일치하는 이벤트가 없습니다.
clear-filter = 모두 표시
log-searching = 검색 중…
missed-lost = { $count ->
   *[other] 이벤트 { $count }개를 받지 못했습니다
}
missed-withheld = { $count ->
   *[other] 이벤트 { $count }개는 개수로만 전달되었습니다
}
missed-older = { $count ->
   *[other] 이전 이벤트 { $count }개는 보관되어 있지 않습니다
}
following = 따라가는 중 · 최신이 맨 아래
not-following = 따라가지 않음
paused = 일시 중지됨 · { $count }개 대기
ended-foot = 종료됨
jump = 최신으로 이동
shown = { $shown } / { $total } 표시
ring-dropped = 오래된 { $count }개 버림
histogram = 시간별 이벤트
histogram-says = 최대 이벤트 { $count }개/{ $time }
remote = 원격
local = 로컬
not-found = 찾을 수 없음
detail = 이벤트
close = 닫기
field-path = 경로
field-operation = 작업
field-host = 호스트
field-address = 주소
field-port = 포트
field-protocol = 프로토콜
field-mode = 모드
field-filter = 필터
field-method = 메서드
field-variables = 변수
field-command = 명령
field-parent = 부모 프로세스
field-process = 프로세스
field-time = 시간
field-routing = 라우팅
field-rule = 적용된 규칙
into-session = 시작 후 { $time }
show-values = 값 표시
hide-values = 값 숨기기
keys-title = 키보드 단축키
keys-hint = ? 키
keys-anywhere = 어디서나
keys-session = 세션에서
keys-log = 로그에서
key-neighbours = 이전, 다음 세션
key-theme = 다음 테마
key-move = 다음, 이전 행
key-details = 행 상세 정보
key-pause = 일시 중지 또는 재개
palette = 검색 또는 이동
palette-placeholder = 검색 또는 이동…
palette-found = { $count ->
   *[other] 항목 { $count }개
}
palette-nothing = 해당 이름이 없습니다.
palette-searching = 모든 세션 검색 중…
palette-partial = 더 있을 수 있습니다. 더 입력하세요.
palette-failed = 세션을 검색할 수 없습니다.
palette-not-kept = 더 이상 보관되지 않음
actions = 동작
search-view = 이 표 필터링
no-row-matches = 필터와 일치하는 항목이 없습니다. 필터를 지우면 모두 표시됩니다.
covers-all = 세션 시작 이후의 개수
covers-some = 이벤트 { $count }개의 집계
column-operations = 작업
column-first = 처음
column-last = 마지막
column-destination = 목적지
column-name = 이름
column-connections = 연결
column-led-to = 결과 주소
column-lookups = 조회
column-since = 시작
column-arrived = 도착
column-requests = 요청
column-value = 값
column-fetched = 가져온 시간
# Same as in English.
column-pid = pid
column-started = 시작
column-ended = 종료
tab-summary = 요약
worth-a-look = 살펴볼 것
nothing-stands-out = 아직 눈에 띄는 것이 없습니다.
nothing-stood-out = 눈에 띄는 것이 없었습니다.
show-rows = 행 보기
found-died = { $command }이(가) { $signal }(으)로 종료되었습니다.
found-bind-failed = 포트 { $port }에서 수신 대기할 수 없었습니다.
found-refused = { $destination } 연결이 실패합니다.
found-not-followed = { $name }을(를) 조회했지만 연결이 뒤따르지 않았습니다.
found-no-answer = { $destination }이(가) 응답하지 않습니다.
found-again = { $path }을(를) 계속 찾지만 없습니다.
found-denied = { $path }을(를) 열 권한이 없습니다.
found-nowhere = { $name }을(를) 찾았지만 어디에도 없었습니다.
found-unreached = 포트 { $port }에 도달한 연결이 없습니다.
places-count = { $count ->
   *[other] { $count }곳
}
files-looked-for = 찾은 파일
processes-died = 비정상 종료된 프로세스
column-where = 위치
column-result = 결과
column-times = 횟수
column-traffic = 수신 / 송신
column-listens = 수신 대기
column-came = 도착
answer-found = 찾음
answer-written = 기록됨
answer-denied = 권한 없음
answer-connected = 연결됨
answer-failed = 실패
answer-pending = 아직 응답 없음
never = 없음
died-of = { $signal }(으)로 종료
ended-with = 종료 코드 { $code }
not-listening = 수신 대기 실패
loopback-only = 루프백만
ipv6-only = IPv6만
failures = { $count } 실패
failed-only = 실패만
with-children = 자식 포함
column-folder = 폴더
no-connection-since = { $time }부터 연결 없음
as-tree = 트리
not-found-count = { $count }개 찾을 수 없음
paths-count = { $count ->
   *[other] 경로 { $count }개
}
files-inside = 내부 { $count }개
files-empty = 아직 접근한 파일이 없습니다. 프로그램이 파일을 열거나 읽거나 찾으면 경로가 여기에 표시됩니다.
more-events = { $count ->
   *[other] 공간이 부족하여 나열하지 못한 다른 이벤트 { $count }개
}
destinations = 연결
destinations-empty = 아직 외부 연결이 없습니다. 프로그램이 연결하면 목적지가 여기에 표시됩니다.
lookups = 조회한 이름
lookups-empty = 아직 DNS 조회가 없습니다. 프로그램이 이름을 조회하면 여기에 표시됩니다.
failed-lookups = 실패한 조회 { $count }개
no-connection = 이어진 연결 없음
sure-likely = 유력
sure-perhaps = 추정
sure-note = 이름과 주소의 대응은 추론한 것입니다. 같은 프로세스가 연결 전 5초 이내에 그 이름을 조회했습니다. 유력: 유일한 이름. 추정: 여러 이름 중 마지막.
ports-empty = 구독한 포트가 없습니다. 프로그램이 수신 대기하고 세션이 이를 처리하면 포트가 여기에 표시됩니다.
port-nothing = 구독됨, { $time } 동안 도착한 것 없음
port-nothing-yet = 구독됨, 아직 도착한 것 없음
port-not-watched = 로컬 포트: 도착하는 내용을 관찰하지 않음
all-ports-together = { " " }· 모든 포트 합계(요청에 포트 정보가 없음)
requests-count = { $count ->
   *[other] 요청 { $count }개
}
the-last = 마지막 { $time }
requests = 도착한 요청
requests-empty = 아직 도착한 요청이 없습니다. 대상에 요청을 보내 필터를 통과하면 여기에 표시됩니다.
environment-empty = 가져온 변수가 없습니다. 세션이 대상의 환경을 가져오면 여기에 표시됩니다.
variables-count = { $count ->
   *[other] 변수 { $count }개
}
value-unknown = 이름만 알려짐
show-all-values = 모든 값 표시
hidden-note = 숨김은 화면에만 보이지 않는다는 뜻이며, 클릭하면 값이 표시됩니다. 이 mirrord ui의 API를 사용할 수 있는 프로그램은 값을 볼 수 있습니다. 휴대폰으로는 절대 전송되지 않습니다.
processes-empty = 아직 알려진 프로세스가 없습니다. 세션에서 시작되면 여기에 표시됩니다.
running-count = { $count ->
   *[other] { $count }개 실행 중
}
more-processes = { $count ->
   *[other] { $count }개 더 있으나 보관되지 않음
}
still-runs = 실행 중
ran-for = { $time } 동안 실행
config-asked = 세션에 설정을 요청하는 중…
config-failed = 설정을 가져올 수 없습니다.
config-none = 이 세션은 설정 파일 없이 실행됩니다. mirrord exec -f mirrord.json으로 시작하면 규칙이 여기에 표시됩니다.
config-no-text = 세션이 파일 이름만 알려 주고 내용은 알려 주지 않습니다.
decided-count = { $count ->
   *[other] 이벤트 { $count }개 결정
}
default-rules = 파일에 없는 규칙
default-rules-note = 기본값으로 적용된 규칙입니다. 파일에 지정하면 재정의됩니다.
what-if = 가정해 보기
what-if-hint = 설정을 편집하고 이 실행에서 무엇이 바뀌는지 확인
what-if-loading = 평가기와 이 실행의 이벤트를 불러오는 중…
what-if-failed = 평가기 또는 이벤트를 불러올 수 없습니다.
what-if-label = 시험할 설정
what-if-decided = 다시 판정된 이벤트: { $count }
what-if-range = 이벤트 { $first }–{ $last }
what-if-problems = 오류: { $count }. 해결될 때까지 판정하지 않습니다.
what-if-at = { $line }행 { $column }열
what-if-resolved = JSON 파일의 본문을 알 수 없어 해석된 설정을 표시합니다.
what-if-none = 이 실행에는 설정이 없어 mirrord 기본값과 비교합니다.
what-if-variables = 파일보다 우선했고 이 본문에 없는 변수: { $names }
what-changes = 바뀌는 것
changes-before = 이전
changes-after = 이후
what-if-same = 이전과 같은 판정: { $count }
what-if-omitted = 그 밖에: { $count }
what-if-missing = 클러스터나 머신만 아는 누락된 정보
what-if-unhooked = mirrord가 보지 못하는 호출: { $count }
never-matched = 일치한 적 없음
depends = 조건부
unhooked-static = 후킹되지 않음: 정적 프로그램
unhooked-loader = 후킹되지 않음: 로더
download = 다운로드
figure-total = 이벤트
figure-rate = 현재 속도
figure-peak = 가장 바쁜 1초
figure-lost = 도중에 유실
figure-withheld = 개수로만 전달
figure-older = 보관된 것보다 이전
figure-given-up = 이 페이지의 로그가 버림
routing-unknown = 이 세션에서 알려 주지 않음
events-count = { $count ->
   *[other] 이벤트 { $count }개
}
chart-hint = 차트를 가리키거나, 포커스한 뒤 화살표 키를 사용하면 수치를 볼 수 있습니다.
each-bar = 막대 하나는 { $time }
as-table = 차트를 표로 보기
top-paths = 가장 많이 접근한 경로
top-hosts = 가장 많이 조회한 이름
only-like = 이런 것만
hide-like = 이런 것 숨기기
any-process = 모든 프로세스
any-routing = 모든 라우팅
filter-process = 프로세스로 필터링
filter-routing = 라우팅으로 필터링
export = 내보내기
export-hint = 표시된 행을 저장합니다. 숨긴 값은 제외됩니다
more-characters = { $count ->
   *[other] … { $count }자 더 있음, 복사하면 전체가 포함됩니다
}
no-namespace = 네임스페이스 없음
no-key = 키 없음
overview = 모든 세션
group-by = 그룹
sort-by = 정렬
by-status = 상태
by-target = 대상
by-namespace = 네임스페이스
by-key = 키
by-nothing = 없음
sort-newest = 최신순
sort-name = 이름
sort-rate = 속도
sort-events = 이벤트
sort-own = 사용자 지정
column-status = 상태
column-session = 세션
column-processes = 프로세스
column-ports = 포트
column-rate = 속도
column-routing = 라우팅
column-events = 이벤트
column-age = 경과
routing-mock = 모의
routing-error = 오류
choose-session = { $session } 선택
chosen-count = { $count ->
   *[other] { $count }개 선택됨
}
show-together = 함께 보기
at-most-together = 로그 하나에 세션을 최대 { $count }개까지 표시할 수 있습니다.
clear-chosen = 선택 해제
move-session = { $session } 이동: 위쪽 화살표, 아래쪽 화살표
moved-to = { $session }: { $place }번째
menu-of = { $session } 동작
details = 상세 정보
pin = 고정
unpin = 고정 해제
move-up = 위로 이동
move-down = 아래로 이동
pinned-word = 고정됨
open-on-desktop = 데스크톱에서 열려 있음
key-label = 그룹화에 쓸 키
copy-socket = 소켓 경로 복사
end-ask = 종료…
end-title = 이 세션을 종료할까요?
end-text = 이 명령과 명령이 시작한 모든 프로세스를 종료합니다:
end-force = 먼저 종료를 요청하고 5초 후 강제로 종료합니다.
end-released = 릴리스된 mirrord는 여기에서 프로그램을 종료할 수 없고 자체 세션 API만 종료할 수 있습니다. 다음 프로세스로 프로그램을 종료하세요:
end-no-process = 알려진 프로세스가 없습니다.
end-now = { $count ->
   *[other] 프로세스 { $count }개 종료
}
end-session = 세션 종료
cancel = 취소
ending = 종료 중…
has-ended = 종료되었습니다.
still-ending = 요청을 받았지만 10초 안에 종료되지 않았습니다. 계속 시도하며, 종료되면 이 페이지에 표시됩니다.
end-failed = 종료할 수 없습니다.
dismiss = 목록에서 제거
dismiss-all = { $count ->
   *[other] 종료된 { $count }개 모두 제거
}
dismiss-failed = 제거할 수 없습니다.
rename = 이름 변경…
rename-title = 이 세션에 이름 지정
rename-label = 이름
rename-text = 세션이 표시되는 모든 곳에 표시됩니다. 비우면 시작할 때의 이름이나 명령이 쓰입니다.
rename-save = 이름 저장
audit-named-session = 세션 이름 지정됨
show-more = { $count ->
   *[other] { $count }개 더 보기
}
together = { $count ->
   *[other] 세션 { $count }개 함께 보기
}
legend = 이 로그의 세션
# Same as in English.
of-session = { $session }: { $text }
not-here = 여기에 없음
key-choose = 포커스된 세션 선택
keys-overview = 개요에서
mirror-title = 휴대폰에 표시
mirror-heading = 휴대폰에서 세션 보기
mirror-lead = 같은 페이지를 네트워크의 기기에서 실시간으로 봅니다. 비밀 값은 제외됩니다.
mirror-settings = 설정
mirror-off = 꺼짐
mirror-on = 켜짐, 연결 없음
mirror-connected = { $count ->
   *[other] { $count }대 연결됨
}
mirror-waiting = 지금 접근할 수 없음
mirror-failed = 시작할 수 없음
mirror-local = 이 컴퓨터
mirror-network = 네트워크
mirror-user = 사용자 이름
mirror-password = 비밀번호
mirror-from-settings = 설정의 값
mirror-from-environment = 환경 변수의 값
mirror-for-this-run = 이번 실행 동안
mirror-connected-now = 연결됨
mirror-no-answer = 응답이 없습니다. mirrord ui가 실행 중인가요?
mirror-pair-title = 휴대폰 페어링
mirror-pair-text = 휴대폰 카메라로 코드를 스캔하세요. 5분 이내에 기기 한 대에서 한 번만 사용할 수 있습니다.
mirror-pair-off = 먼저 미러를 켜세요.
mirror-pair = 코드 표시
mirror-new-code = 새 코드
mirror-code = 옆 주소의 QR 코드
mirror-time-left = { $time } 남음
mirror-too-old = 만료된 코드입니다. 새로 만드세요.
mirror-used-by = { $device }에서 사용함
mirror-copy-address = 주소 복사
mirror-devices = 기기
mirror-no-devices = 로그인된 기기가 없습니다.
mirror-device-name = 기기 이름
mirror-viewer = 보기 전용
mirror-controller = 세션 종료 가능
mirror-grant = 세션 종료 허용…
mirror-take-back = 보기 전용으로
mirror-revoke = 접근 취소…
mirror-revoke-all = 모든 기기의 접근 취소…
mirror-seen = 마지막 접속 { $time }
mirror-signed-in = 로그인 { $time }
mirror-expires = { $time } 후 다시 로그인
mirror-grant-ask = “{ $device }”에 세션 종료를 허용할까요?
mirror-grant-text = 이 기기를 가진 사람은 모든 세션과 그 프로세스를 종료하고 세션에 이름을 지정할 수 있습니다. 비밀 값은 여전히 볼 수 없습니다.
mirror-grant-go = 세션 종료 허용
mirror-revoke-ask = “{ $device }”의 접근을 취소할까요?
mirror-revoke-all-ask = 모든 기기의 접근을 취소할까요?
mirror-revoke-text = 즉시 로그아웃됩니다. 비밀번호는 그대로이니, 알아서는 안 되는 사람이 있으면 변경하세요.
mirror-revoke-go = 접근 취소
mirror-networks = 네트워크 인터페이스
mirror-everywhere = 모든 네트워크
mirror-not-here = { $device } · 지금 없음
mirror-port = 포트
mirror-port-hint = 1~65535
mirror-port-wrong = 1에서 65535 사이의 숫자입니다.
mirror-user-hint = 비워 두면 환경 변수의 값 또는 mirrord.
mirror-password-hint = 8~256자, 표시되지 않습니다. 로그인된 기기는 유지됩니다.
mirror-password-wrong = 8~256자여야 합니다.
mirror-password-set = 설정됨, 새로 입력
mirror-password-none = 무작위, 직접 입력
mirror-password-go = 설정
mirror-password-random = 무작위로 되돌리기
mirror-tls = 암호화
mirror-tls-off = 꺼짐
mirror-tls-private = 사설 인증 기관
mirror-tls-own = 자체 인증서
mirror-tls-off-hint = 같은 네트워크의 누구나 엿볼 수 있습니다.
mirror-tls-private-hint = 이 컴퓨터에서 만들며, 휴대폰에서 한 번 신뢰해야 합니다.
mirror-tls-own-hint = PEM 파일 두 개의 절대 경로.
mirror-tls-go = 이 인증서 사용
mirror-certificate = 인증서
mirror-key = 개인 키
mirror-trust = 휴대폰에서 신뢰하기
mirror-trust-open = 경고를 넘기고 휴대폰에서 여세요:
mirror-trust-compare = 이 지문을 비교하고, 다르면 중단하세요:
mirror-trust-install = 해당 페이지의 안내에 따라 인증서를 설치하세요.
mirror-trust-download = 인증서 다운로드
mirror-names = 다른 이름
mirror-names-hint = 이 컴퓨터의 다른 호스트 이름, 쉼표로 구분.
mirror-auto-start = mirrord ui와 함께 시작
mirror-mdns = 네트워크에 이름과 포트 알리기
mirror-command-lines = 기기에 전체 명령줄 표시(그 안의 비밀번호 포함)
mirror-audit = 활동 기록
mirror-audit-text = 최신순, 비밀 제외.
mirror-audit-empty = 아직 없습니다.
mirror-banner = { $machine }의 미러 · 보기 전용
mirror-banner-ends = { $machine }의 미러 · 세션 종료 가능
mirror-sign-out = 로그아웃
mirror-sign-in = 로그인
mirror-turned-out-title = 이 기기는 로그아웃되었습니다
mirror-turned-out = 접근이 취소되었거나 로그아웃되었거나 30일이 지났습니다. 계속하려면 다시 로그인하세요.
mirror-turned-out-foot = 또는 데스크톱의 새 코드를 스캔하세요.
mirror-elsewhere-title = 설정은 데스크톱에 있습니다
mirror-elsewhere = 해당 컴퓨터에서 mirrord ui를 여세요.
mirror-values = 값은 데스크톱에만 있으며 기기에는 이름만 전달됩니다.
audit-started = 수신 대기 시작
audit-stopped = 중지됨
audit-failed = 수신 대기 실패
audit-signed-in = 로그인함
audit-sign-in-failed = 로그인 거부됨
audit-throttled = 대기 요청됨
audit-ticket-made = 코드 생성됨
audit-paired = 페어링됨
audit-pairing-failed = 코드 거부됨
audit-signed-out = 로그아웃함
audit-revoked = 접근 취소됨
audit-device-changed = 기기 변경됨
audit-refused = 거부됨
audit-ended-session = 세션 종료됨
audit-settings-changed = 설정 변경됨

search-any-column = 아무 열
search-has = { $column }에 { $value } 포함
search-is = { $column } = { $value }
search-like = { $column }이(가) { $value }와(과) 비슷함
search-matches = { $column }이(가) { $value }와(과) 일치
search-descends = 프로세스 { $process } 또는 그 자식
search-present = { $column }이(가) 알려져 있음
search-and = { $first }, 그리고 { $second }
search-or = { $first }, 또는 { $second }
search-not = 제외: { $what }
search-no-field = { $name } 필드가 없습니다
search-did-you-mean = { $problem }. { $name }을(를) 찾으셨나요?
search-no-value = { $field }: { $value } 값이 없습니다
search-not-number = { $field }: 숫자나 범위여야 하며 { $value }은(는) 아닙니다
search-not-time = { $value }은(는) 시간이 아닙니다
search-unfinished = 아직 덜 입력됨: { $part }
search-no-group = 이 )에 맞는 (가 없습니다
search-too-much = 필터 하나로는 너무 많습니다
field-direction = 방향
field-size = 크기
field-name = 이름
match-place = { $place } / { $total }
match-next = 다음 결과
match-previous = 이전 결과
key-matches = 다음 또는 이전 결과
saved-filters = 저장된 필터
save-filter = 이 필터 저장
filter-name = 이름
delete-filter = { $name } 삭제
apply-filter = { $filter }(으)로 필터링
milliseconds = { $number }ms
times-since-before = 이전 행부터
outcome-ok = 성공
outcome-denied = 권한 없음
outcome-connected = 연결됨
outcome-failed = 실패
outcome-pending = 응답 대기
exit-code = 종료 { $code }
operation-lookup = 조회
bytes-in = 수신 { $bytes }
bytes-out = 송신 { $bytes }
repeats = ×{ $count } ({ $time })
fold-repeats = 반복 접기
columns = 열
column-type = 종류
column-what = 내용
column-outcome = 결과
around = 앞뒤 1초
all-times = 전체 시간
copy-path = 경로나 주소 복사
copy-row = 행 복사
copy-command = 명령으로 복사
row-absent = 이 링크의 이벤트 #{ $row }은(는) 여기에 남아 있지 않습니다.
histogram-scale = 높이는 제곱근입니다
timeline-hint = 끌어서 시간 범위 선택. 키: 화살표, Shift+화살표, Esc
failed-count = { $count ->
  *[other] { $count }개 실패
}
remove-term = 제거: { $term }
