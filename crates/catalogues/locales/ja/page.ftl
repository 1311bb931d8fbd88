# 日本語

# Same as in English.
app-name = mirrord
title = セッションモニター
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = エディション不明
license-until = { $date } まで有効
license-expired = { $date } に期限切れ
upgrade = Teams にアップグレード
opens-new-tab = 新しいタブで開きます
all-sessions = mirrord、すべてのセッション
connecting = 接続中
syncing = 同期中
live = ライブ
retrying = { $seconds } 秒後に再試行
retrying-now = 再試行中
signed-out = サインアウト済み
retry-now = 今すぐ再試行
sessions-count = { $count ->
   *[other] { $count } セッション
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
   *[other] { $count } 件欠落
}
dropped-hint = セッションからこのページまでの間に失われたイベント
preferences = 設定
theme = テーマ
theme-is = テーマ: { $theme }
theme-system = システム
theme-light = ライト
theme-dark = ダーク
density = 表示密度
density-compact = 狭い
density-comfortable = 広い
times = 時刻表示
times-absolute = 時刻
times-relative = 経過時間
times-since-start = 開始から
language = 言語
language-of-browser = ブラウザーに合わせる
single-keys = 1 文字のショートカット
show-env-values = 変数の値を表示
notify = セッションの終了を通知
notify-blocked = ブラウザーがこのページの通知をブロックしています。ブラウザーの設定で許可してください。
notify-insecure = 通知には https か、このマシンのブラウザーが必要です。
notify-missing = このブラウザーには通知がありません。
notify-many = { $count ->
   *[other] { $count } 件のセッションが終了
}
skip = コンテンツへ移動
sessions = セッション
filter-sessions = セッションを絞り込む
group-live = 実行中
group-unresponsive = 応答なし
group-ended = 終了
none-matches = 一致するセッションはありません。
more-sessions = { $count ->
   *[other] 他に { $count } セッションあります
}
no-command = (コマンド不明)
targetless = ターゲットなし
processes = { $count ->
   *[other] { $count } プロセス
}
status-live = 実行中
status-unresponsive = 応答なし
status-ended = 終了
row-started = 起動
row-ended = 終了
ended-ago = { $time }前
seconds = { $number } 秒
minutes = { $number } 分
hours = { $number } 時間
days = { $number } 日
empty-title = 実行中のセッションはありません
empty-text = mirrord でプログラムを実行すると、すぐにここに表示されます:
empty-foot = リリース版の mirrord のセッションも検出されます。
loading-title = セッションを探しています…
loading-sessions = しばらくお待ちください。
unreachable-title = mirrord ui が応答しません
unreachable-text = 停止した可能性があります。再起動すると、このページは自動的に復帰します:
signed-out-title = サインアウトしました
signed-out-text = このページには、実行中の mirrord ui のトークンを含むリンクが必要です。次のコマンドで出力できます:
signed-out-foot = 出力されたリンクをこのブラウザーで開いてください。
try-again = 再試行
stopped-title = このページは停止しました
stopped-text = ページ内で問題が発生しました。セッションは続いています。再読み込みすると表示されます。レポートは修正に役立ちます。
reload = 再読み込み
copy-report = レポートをコピー
copy = コピー
copied = コピーしました
copy-table = テキストとしてコピー
printed-part = 表示されていた部分だけを印刷しています。すべてはページの「{ $action }」で取得できます
copy-failed = 選択して手動でコピーしてください
copy-id = ID をコピー
copy-json = JSON をコピー
gone-title = このセッションはここにありません
gone-text = mirrord ui の起動前に終了したか、一覧から削除されたか、リンクが別のマシンのものです。
back-to-list = すべてのセッション
views = セッションのビュー
tab-events = イベント
tab-files = ファイル
tab-network = ネットワーク
tab-ports = ポート
tab-environment = 環境変数
tab-processes = プロセス
tab-config = 構成
tab-stats = 統計
kind-file = ファイル
# Same as in English.
kind-dns = dns
kind-connect = 接続
kind-port = ポート
kind-request = リクエスト
kind-env = 環境変数
kind-process = プロセス
kind-other = その他
one-file = ファイル
# Same as in English.
one-dns = dns
one-connect = 接続
one-port = ポート
one-request = リクエスト
one-env = 環境変数
one-process = プロセス
one-other = その他
filter-kinds = イベントの種類
chip-hint = クリックで表示/非表示、Alt+クリックでこれだけを表示
search = 単語、field:value、/regex/
search-label = イベントを検索
bad-pattern = 無効な正規表現です
pause = 一時停止
resume = 再開
# Same as in English.
plus-waiting = +{ $count }
clear = クリア
clear-hint = このログを空にします。件数は残ります。
log-label = セッションのイベント
log-loading = これまでのイベントを取得中…
log-failed = これまでのイベントを取得できませんでした。
log-empty = まだイベントはありません。プログラムの実行に応じてここに表示されます。
log-empty-ended = このセッションの記録は残っていません。
log-cleared = クリアしました。新しいイベントはここに表示されます。
log-cleared-ended = クリアしました。
undo-clear = 消去を元に戻す
requests-not-seen = このセッションではリクエストは見えません。ターゲットのポートを扱っていません。
nothing-seen = セッションの終了まで、該当するものはありませんでした。
before-start = 開始前: { $count }
ended-broken = mirrord が強制終了されました
held-here = mirrord ui はもう把握していません。このページが見た内容です
stale-foot = 接続なし
stale-since = 以下は { $time } 時点の内容です。
stale-signed-out = mirrord ui が再起動されました。リンクを表示し、このブラウザーで開いてください。
blocked-title = mirrord ui がこのアドレスを拒否しています
blocked-text = プロキシが Host ヘッダーを変えています。このページの名前を指定して mirrord ui を起動してください:
socket-title = ライブ接続が開きません
socket-text = リクエストには応答がありますが、/ws の WebSocket は途中で遮られています。WebSocket を通してください。
no-cookies-text = このブラウザーは Cookie を保存しません。トークン付きリンクを表示してください:
no-cookies-foot = ?token= を #token= に替えて開いてください。
incomplete = 不完全: { $means } を通るものは見えません
log-no-match = フィルターに一致するイベントはありません。
clear-filter = すべて表示
log-searching = 検索中…
missed-lost = { $count ->
   *[other] { $count } 件のイベントが届きませんでした
}
missed-withheld = { $count ->
   *[other] { $count } 件のイベントは件数のみ通知されました
}
missed-older = { $count ->
   *[other] { $count } 件の以前のイベントは保持されていません
}
following = 追従中 · 最新は一番下
not-following = 追従していません
paused = 一時停止中 · { $count } 件待機
ended-foot = 終了
jump = 最新へ移動
shown = { $shown } / { $total } 件を表示
ring-dropped = 古い { $count } 件を破棄
histogram = イベントの時間推移
histogram-says = 最大 { $count } 件/{ $time }
remote = リモート
local = ローカル
not-found = 見つかりません
detail = イベント
close = 閉じる
field-path = パス
field-operation = 操作
field-host = ホスト
field-address = アドレス
field-port = ポート
field-protocol = プロトコル
field-mode = モード
field-filter = フィルター
field-method = メソッド
field-variables = 変数
field-command = コマンド
field-parent = 親プロセス
field-process = プロセス
field-time = 時刻
field-routing = ルーティング
field-rule = 適用ルール
into-session = 開始から { $time }
show-values = 値を表示
hide-values = 値を隠す
keys-title = キーボードショートカット
keys-hint = ? キー
keys-anywhere = 全体
keys-session = セッション内
keys-log = ログ内
key-neighbours = 前、次のセッション
key-theme = 次のテーマ
key-move = 次、前の行
key-details = 行の詳細
key-pause = 一時停止または再開
palette = 検索または移動
palette-placeholder = 検索または移動…
palette-found = { $count ->
   *[other] { $count } 件
}
palette-nothing = 該当する名前はありません。
palette-searching = すべてのセッションを検索中…
palette-partial = ほかにもある可能性があります。さらに入力してください。
palette-failed = セッションを検索できませんでした。
palette-not-kept = もう保持されていません
actions = 操作
search-view = この表を絞り込む
no-row-matches = フィルターに一致するものはありません。クリアするとすべて表示されます。
covers-all = セッション開始からの件数
covers-some = { $count } 件のイベントの集計
column-operations = 操作
column-first = 最初
column-last = 最後
column-destination = 接続先
column-name = 名前
column-connections = 接続
column-led-to = 解決先
column-lookups = 照会
column-since = 開始
column-arrived = 受信
column-requests = リクエスト
column-value = 値
column-fetched = 取得
# Same as in English.
column-pid = pid
column-started = 開始
column-ended = 終了
tab-summary = 概要
worth-a-look = 確認したい点
nothing-stands-out = 今のところ目立つ点はありません。
nothing-stood-out = 目立つ点はありませんでした。
show-rows = 行を表示
found-died = { $command } は { $signal } で終了しました。
found-bind-failed = ポート { $port } で待ち受けできませんでした。
found-refused = { $destination } への接続が失敗しています。
found-not-followed = { $name } を問い合わせましたが、接続はありませんでした。
found-no-answer = { $destination } から応答がありません。
found-again = { $path } を繰り返し探していますが、見つかりません。
found-denied = { $path } を開く権限がありません。
found-nowhere = { $name } を探しましたが、どこにもありませんでした。
found-unreached = ポート { $port } への接続はまだありません。
places-count = { $count ->
   *[other] { $count } か所
}
files-looked-for = 探したファイル
processes-died = 異常終了したプロセス
column-where = 場所
column-result = 結果
column-times = 回数
column-traffic = 受信 / 送信
column-listens = 待ち受け
column-came = 到着
answer-found = あり
answer-written = 書き込み
answer-denied = 権限なし
answer-connected = 接続
answer-failed = 失敗
answer-pending = 応答待ち
never = なし
died-of = { $signal } で終了
ended-with = 終了コード { $code }
not-listening = 待ち受け不可
loopback-only = ループバックのみ
ipv6-only = IPv6 のみ
failures = 失敗 { $count }
failed-only = 失敗のみ
with-children = 子プロセスも
column-folder = フォルダ
no-connection-since = { $time } から接続なし
as-tree = ツリー
not-found-count = { $count } 件見つかりません
paths-count = { $count ->
   *[other] { $count } パス
}
files-inside = 内部 { $count } 件
files-empty = まだファイルへのアクセスはありません。プログラムがファイルを開く、読む、または探すと、ここに表示されます。
more-events = { $count ->
   *[other] 他に { $count } 件のイベントは、容量の都合で内訳がありません
}
destinations = 接続
destinations-empty = まだ外部への接続はありません。プログラムが接続すると、ここに接続先が表示されます。
lookups = 照会された名前
lookups-empty = まだ DNS クエリはありません。プログラムが名前を照会すると、ここに表示されます。
failed-lookups = { $count } 件の照会失敗
no-connection = 接続はありませんでした
sure-likely = おそらく
sure-perhaps = 可能性あり
sure-note = 名前とアドレスの対応は推定です。同じプロセスが接続前の 5 秒以内にその名前を照会しました。おそらく: 唯一の候補。可能性あり: 複数のうち最後のもの。
ports-empty = サブスクライブ中のポートはありません。プログラムが待ち受け、セッションが処理すると、ここに表示されます。
port-nothing = サブスクライブ済み、{ $time }間受信なし
port-nothing-yet = サブスクライブ済み、まだ受信なし
port-not-watched = ローカルポート: 受信は監視されません
all-ports-together = { " " }· 全ポートの合計 (リクエストにポートの情報がないため)
requests-count = { $count ->
   *[other] { $count } リクエスト
}
the-last = 最後は { $time }
requests = 受信したリクエスト
requests-empty = まだリクエストはありません。ターゲットに送信してフィルターを通過すると、ここに表示されます。
environment-empty = まだ変数はありません。セッションがターゲットの環境変数を取得すると、ここに表示されます。
variables-count = { $count ->
   *[other] { $count } 変数
}
value-unknown = 名前のみ判明
show-all-values = すべての値を表示
hidden-note = 非表示の値はクリックで表示されます。この mirrord ui の API を使えるプログラムからは見えます。スマートフォンには送信されません。
processes-empty = まだプロセスはありません。セッション内で起動すると、ここに表示されます。
running-count = { $count ->
   *[other] { $count } 件実行中
}
more-processes = { $count ->
   *[other] 他の { $count } 件は保持されていません
}
still-runs = 実行中
ran-for = 実行時間 { $time }
config-asked = セッションに構成を問い合わせています…
config-failed = 構成を取得できませんでした。
config-none = 構成ファイルなしで実行中です。mirrord exec -f mirrord.json で起動すると、ここにルールが表示されます。
config-no-text = セッションはファイル名を示していますが、内容は示していません。
decided-count = { $count ->
   *[other] { $count } 件のイベントを決定
}
default-rules = ファイルに記載のないルール
default-rules-note = 既定で適用されたルールです。ファイルに記載すると上書きされます。
what-if = もしも
what-if-hint = 設定を編集し、この実行で何が変わるかを確認
what-if-loading = 評価器とこの実行のイベントを読み込み中…
what-if-failed = 評価器またはイベントを読み込めませんでした。
what-if-label = 試す設定
what-if-decided = 判定し直したイベント: { $count }
what-if-range = イベント { $first } ～ { $last }
what-if-problems = エラー: { $count }。解消されるまで判定されません。
what-if-at = { $line } 行 { $column } 列
what-if-resolved = JSON ファイルの本文はここでは不明です。解釈された設定を表示しています。
what-if-none = この実行には設定がありません。mirrord の既定値と比較します。
what-if-variables = ファイルより優先され、この本文にない変数: { $names }
what-changes = 変わるもの
changes-before = 変更前
changes-after = 変更後
what-if-same = 以前と同じ判定: { $count }
what-if-omitted = ほかに: { $count }
what-if-missing = クラスターまたはマシンだけが知る、不足している情報
what-if-unhooked = mirrord が捉えない呼び出し: { $count }
never-matched = 一致なし
depends = 条件次第
unhooked-static = フックなし: 静的プログラム
unhooked-loader = フックなし: ローダー
download = ダウンロード
figure-total = イベント
figure-rate = 現在のレート
figure-peak = 最多の 1 秒
figure-lost = 途中で欠落
figure-withheld = 件数のみ通知
figure-older = 保持分より前
figure-given-up = このページのログが破棄
routing-unknown = このセッションからは不明
events-count = { $count ->
   *[other] { $count } イベント
}
chart-hint = グラフをポイントするか、フォーカスして矢印キーを使うと、数値を確認できます。
each-bar = 棒 1 本は { $time }
as-table = グラフを表で表示
top-paths = アクセスの多いパス
top-hosts = 照会の多い名前
only-like = これと同種のみ
hide-like = これと同種を隠す
any-process = すべてのプロセス
any-routing = すべてのルーティング
filter-process = プロセスで絞り込む
filter-routing = ルーティングで絞り込む
export = エクスポート
export-hint = 表示中の行を保存します。非表示の値は含まれません
more-characters = { $count ->
   *[other] … 残り { $count } 文字、コピーには全文が入ります
}
no-namespace = 名前空間なし
no-key = キーなし
overview = すべてのセッション
group-by = グループ
sort-by = 並べ替え
by-status = 状態
by-target = ターゲット
by-namespace = 名前空間
by-key = キー
by-nothing = なし
sort-newest = 新しい順
sort-name = 名前
sort-rate = レート
sort-events = イベント
sort-own = 手動
column-status = 状態
column-session = セッション
column-processes = プロセス
column-ports = ポート
column-rate = レート
column-routing = ルーティング
column-events = イベント
column-age = 経過
routing-mock = モック
routing-error = エラー
choose-session = { $session } を選択
chosen-count = { $count ->
   *[other] { $count } 件選択中
}
show-together = まとめて表示
at-most-together = 1 つのログに表示できるのは最大 { $count } セッションです。
clear-chosen = 選択を解除
move-session = { $session } を移動: 上矢印、下矢印
moved-to = { $session }: { $place } 番目
menu-of = { $session } の操作
details = 詳細
pin = ピン留め
unpin = ピン留めを外す
move-up = 上へ移動
move-down = 下へ移動
pinned-word = ピン留め済み
open-on-desktop = デスクトップで表示中
key-label = グループ化用のキー
copy-socket = ソケットのパスをコピー
end-ask = 終了…
end-title = このセッションを終了しますか？
end-text = このコマンドと、それが起動したすべてのプロセスを終了します:
end-force = 終了を要求し、5 秒後に強制終了します。
end-released = リリース版の mirrord では、ここで終了できるのはセッション API だけです。プログラムはプロセスから終了してください:
end-no-process = 該当するプロセスは不明です。
end-now = { $count ->
   *[other] { $count } プロセスを終了
}
end-session = セッションを終了
cancel = キャンセル
ending = 終了中…
has-ended = 終了しました。
still-ending = 要求は受け付けられましたが、10 秒たっても終了していません。引き続き試行し、終了するとこのページに表示されます。
end-failed = 終了できませんでした。
dismiss = 一覧から削除
dismiss-all = { $count ->
   *[other] 終了した { $count } 件を一覧から削除
}
dismiss-failed = 一覧から削除できませんでした。
rename = 名前を変更…
rename-title = このセッションに名前を付ける
rename-label = 名前
rename-text = セッションが表示されるすべての場所に表示されます。空の場合は起動時の名前かコマンドになります。
rename-save = 名前を保存
audit-named-session = セッションに命名
show-more = { $count ->
   *[other] さらに { $count } 件表示
}
together = { $count ->
   *[other] { $count } セッションをまとめて表示
}
legend = このログのセッション
# Same as in English.
of-session = { $session }: { $text }
not-here = ここにありません
key-choose = フォーカス中のセッションを選択
keys-overview = 一覧内
mirror-title = スマートフォンに表示
mirror-heading = スマートフォンでセッションを見る
mirror-lead = 同じページを、ネットワーク内のデバイスにライブで表示します。秘密の値は含みません。
mirror-settings = 設定
mirror-off = オフ
mirror-on = オン、接続なし
mirror-connected = { $count ->
   *[other] { $count } 台接続中
}
mirror-waiting = 現在アクセスできません
mirror-failed = 開始できませんでした
mirror-local = このマシン
mirror-network = ネットワーク
mirror-user = ユーザー名
mirror-password = パスワード
mirror-from-settings = 設定の値
mirror-from-environment = 環境変数の値
mirror-for-this-run = 今回の実行のみ
mirror-connected-now = 接続中
mirror-no-answer = 応答がありません。mirrord ui は実行中ですか？
mirror-pair-title = スマートフォンをペアリング
mirror-pair-text = スマートフォンのカメラでコードを読み取ってください。5 分以内に 1 台、1 回だけ使えます。
mirror-pair-off = 先にミラーをオンにしてください。
mirror-pair = コードを表示
mirror-new-code = 新しいコード
mirror-code = 横のアドレスの QR コード
mirror-time-left = 残り { $time }
mirror-too-old = このコードは期限切れです。新しく作成してください。
mirror-used-by = { $device } が使用
mirror-copy-address = アドレスをコピー
mirror-devices = デバイス
mirror-no-devices = サインイン中のデバイスはありません。
mirror-device-name = デバイス名
mirror-viewer = 閲覧のみ
mirror-controller = セッションを終了可
mirror-grant = セッションの終了を許可…
mirror-take-back = 閲覧のみに戻す
mirror-revoke = 取り消す…
mirror-revoke-all = すべてのデバイスを取り消す…
mirror-seen = 最終アクセス { $time }
mirror-signed-in = サインイン { $time }
mirror-expires = { $time }後に再サインインが必要
mirror-grant-ask = 「{ $device }」にセッションの終了を許可しますか？
mirror-grant-text = 持ち主は任意のセッションとそのプロセスの終了と、セッションの命名ができるようになります。秘密の値は引き続き見えません。
mirror-grant-go = 終了を許可
mirror-revoke-ask = 「{ $device }」を取り消しますか？
mirror-revoke-all-ask = すべてのデバイスを取り消しますか？
mirror-revoke-text = すぐにサインアウトされます。パスワードは変わりません。知られたくない場合は変更してください。
mirror-revoke-go = 取り消す
mirror-networks = ネットワークインターフェイス
mirror-everywhere = すべてのネットワーク
mirror-not-here = { $device } · 現在ありません
mirror-port = ポート
mirror-port-hint = 1～65535
mirror-port-wrong = 1～65535 の数値です。
mirror-user-hint = 空欄: 環境変数の値、または mirrord。
mirror-password-hint = 8～256 文字、表示されません。サインイン中のデバイスはそのままです。
mirror-password-wrong = 8～256 文字にしてください。
mirror-password-set = 設定済み、新しく入力
mirror-password-none = ランダム、自分で入力
mirror-password-go = 設定
mirror-password-random = ランダムに戻す
mirror-tls = 暗号化
mirror-tls-off = オフ
mirror-tls-private = プライベート認証局
mirror-tls-own = 独自の証明書
mirror-tls-off-hint = 同じネットワークの誰でも盗み見できます。
mirror-tls-private-hint = このマシンで作成。スマートフォンで一度信頼する必要があります。
mirror-tls-own-hint = 2 つの PEM ファイルの絶対パス。
mirror-tls-go = この証明書を使用
mirror-certificate = 証明書
mirror-key = 秘密鍵
mirror-trust = スマートフォンで信頼する
mirror-trust-open = 警告を無視してスマートフォンで開きます:
mirror-trust-compare = このフィンガープリントを照合し、異なる場合は中止します:
mirror-trust-install = そのページの説明に従って証明書をインストールします。
mirror-trust-download = 証明書をダウンロード
mirror-names = その他の名前
mirror-names-hint = このマシンの他のホスト名、コンマ区切り。
mirror-auto-start = mirrord ui とともに開始
mirror-mdns = 名前とポートをネットワークに通知
mirror-command-lines = デバイスにコマンドライン全体を表示（含まれるパスワードも）
mirror-audit = 履歴
mirror-audit-text = 新しい順、秘密は含みません。
mirror-audit-empty = まだありません。
mirror-banner = { $machine } のミラー · 閲覧のみ
mirror-banner-ends = { $machine } のミラー · セッションを終了可
mirror-sign-out = サインアウト
mirror-sign-in = サインイン
mirror-turned-out-title = このデバイスはサインアウトしました
mirror-turned-out = 取り消されたか、サインアウトしたか、30 日の期限が切れました。続けるには再度サインインしてください。
mirror-turned-out-foot = または、デスクトップの新しいコードを読み取ってください。
mirror-elsewhere-title = 設定はデスクトップにあります
mirror-elsewhere = そのマシンで mirrord ui を開いてください。
mirror-values = 値はデスクトップにとどまり、デバイスには名前だけが送られます。
audit-started = 待ち受け開始
audit-stopped = 停止
audit-failed = 待ち受け失敗
audit-signed-in = サインイン
audit-sign-in-failed = サインイン拒否
audit-throttled = 待機を要求
audit-ticket-made = コード作成
audit-paired = ペアリング完了
audit-pairing-failed = コード拒否
audit-signed-out = サインアウト
audit-revoked = 取り消し
audit-device-changed = デバイス変更
audit-refused = 拒否
audit-ended-session = セッション終了
audit-settings-changed = 設定変更

search-any-column = いずれかの列
search-has = { $column } に { $value } を含む
search-is = { $column } が { $value }
search-like = { $column } が { $value } に似ている
search-matches = { $column } が { $value } に一致
search-descends = プロセス { $process } またはその子孫
search-present = { $column } が分かっている
search-and = { $first }、かつ { $second }
search-or = { $first }、または { $second }
search-not = 次を除く: { $what }
search-no-field = { $name } というフィールドはありません
search-did-you-mean = { $problem }。{ $name } ではありませんか
search-no-value = { $field }: に { $value } という値はありません
search-not-number = { $field }: は数値か範囲です。{ $value } は違います
search-not-time = { $value } は時刻ではありません
search-unfinished = 入力の途中: { $part }
search-no-group = この ) に対応する ( がありません
search-too-much = フィルターとして多すぎます
field-direction = 方向
field-size = サイズ
field-name = 名前
match-place = { $place } / { $total }
match-next = 次の一致
match-previous = 前の一致
key-matches = 次または前の一致
saved-filters = 保存したフィルター
save-filter = このフィルターを保存
filter-name = 名前
delete-filter = { $name } を削除
apply-filter = { $filter } で絞り込む
milliseconds = { $number } ミリ秒
times-since-before = 前の行から
outcome-ok = 成功
outcome-denied = 権限なし
outcome-connected = 接続済み
outcome-failed = 失敗
outcome-pending = 応答待ち
exit-code = 終了 { $code }
operation-lookup = 名前解決
bytes-in = 受信 { $bytes }
bytes-out = 送信 { $bytes }
repeats = ×{ $count }（{ $time }）
fold-repeats = 繰り返しをまとめる
columns = 列
column-type = 種類
column-what = 内容
column-outcome = 結果
around = 前後 1 秒
all-times = 全期間
copy-path = パスまたはアドレスをコピー
copy-row = 行をコピー
copy-command = コマンドとしてコピー
row-absent = このリンクのイベント #{ $row } はここに残っていません。
histogram-scale = 高さは平方根です
timeline-hint = ドラッグで期間を選択。キー: 矢印、Shift+矢印、Esc
failed-count = { $count ->
  *[other] { $count } 件失敗
}
remove-term = 解除: { $term }
