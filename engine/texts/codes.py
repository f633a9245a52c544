"""The table of diagnostic codes: severity, message in English and Indonesian, and the longer text that `susun rules explain CODE` prints."""

from __future__ import annotations

from engine.texts.code import ERROR as E
from engine.texts.code import Code
from engine.texts.codes_execution import EXECUTION_CODES
from engine.texts.codes_lint import LINT_CODES
from engine.texts.codes_profiles import PROFILE_CODES

CODES: dict[str, Code] = {
    # R1: the file itself
    "R101": Code(E, ("cannot read `{file}`: {why}", "tidak dapat membaca `{file}`: {why}"),
                 ("The file or folder named here does not exist or may not be read.", "Berkas atau folder ini tidak ada atau tidak boleh dibaca.")),
    "R102": Code(E, ("not UTF-8: byte {byte} begins no character", "bukan UTF-8: bita {byte} tidak memulai karakter apa pun"),
                 ("Rule files are UTF-8 text. Save the file as UTF-8 in your editor.", "Berkas aturan adalah teks UTF-8. Simpan berkas sebagai UTF-8 di penyunting Anda.")),
    "R103": Code(E, ("file of {size} bytes is larger than {limit}", "berkas {size} bita melebihi {limit}"),
                 ("A rule file holds at most 1 MB. Split it into several files and list them in model.yaml.", "Berkas aturan paling besar 1 MB. Bagi menjadi beberapa berkas dan daftarkan di model.yaml.")),
    "R104": Code(E, ("not YAML: {why}", "bukan YAML: {why}"),
                 ("The text breaks YAML's own grammar; often an unquoted `:` or `\"`, a tab, or wrong indentation.", "Teks ini melanggar tata bahasa YAML; sering karena `:` atau `\"` tanpa kutip, tab, atau indentasi yang salah.")),
    "R105": Code(E, ("key `{key}` stands twice in this mapping", "kunci `{key}` muncul dua kali dalam pemetaan ini"),
                 ("YAML would silently keep the last one; here each key may stand once.", "YAML diam-diam memakai yang terakhir; di sini setiap kunci hanya boleh sekali.")),
    "R106": Code(E, ("anchors and aliases such as `{what}` are not used in rule files", "jangkar dan alias seperti `{what}` tidak dipakai dalam berkas aturan"),
                 ("Every value is written where it is used, so that a reader sees it and a message can point at it.", "Setiap nilai ditulis di tempat ia dipakai, agar terbaca dan dapat ditunjuk pesan.")),
    "R107": Code(E, ("tags such as `{what}` are not used in rule files", "tag seperti `{what}` tidak dipakai dalam berkas aturan"),
                 ("A tag could build any object; plain values are enough.", "Tag dapat membentuk objek apa pun; nilai biasa sudah cukup.")),
    "R108": Code(E, ("a second document begins here", "dokumen kedua dimulai di sini"), ("One file holds one YAML document.", "Satu berkas memuat satu dokumen YAML.")),
    "R109": Code(E, ("nested deeper than {limit} levels", "bersarang lebih dalam dari {limit} tingkat"), ("Rule files are shallow; this one is not a rule file.", "Berkas aturan dangkal; yang ini bukan berkas aturan.")),
    "R110": Code(E, ("a key must be a plain word", "kunci harus berupa kata biasa"), ("Lists and mappings cannot be keys here.", "Daftar dan pemetaan tidak dapat menjadi kunci di sini.")),
    "R111": Code(E, ("`{text}` is not a finite number", "`{text}` bukan bilangan terhingga"), ("Numbers are decimal and at most about 1.8e308.", "Bilangan ditulis desimal dan paling besar sekitar 1.8e308.")),
    "R112": Code(E, ("a table's file is CSV or .xlsx, not `{file}`", "berkas tabel berupa CSV atau .xlsx, bukan `{file}`"), ("Save the sheet in one of these formats.", "Simpan lembar itu dalam salah satu format ini.")),
    "R113": Code(E, ("cells {cells} are merged", "sel {cells} digabung"), ("Each cell of a decision table says one thing: split the cells and write the test in each.", "Setiap sel tabel keputusan memuat satu hal: pisahkan selnya dan tulis ujinya di masing-masing.")),
    "R114": Code(E, ("cell {cell} holds a formula", "sel {cell} berisi rumus"), ("What a formula gives depends on the program that last saved the file: write its value.", "Hasil rumus bergantung pada program yang terakhir menyimpan berkas: tulis nilainya.")),
    "R115": Code(E, ("`{file}` carries a macro", "`{file}` memuat makro"), ("Rule files hold no programs. Save the workbook as .xlsx without macros.", "Berkas aturan tidak memuat program. Simpan buku kerja sebagai .xlsx tanpa makro.")),
    "R116": Code(E, ("the workbook has no sheet `{sheet}`", "buku kerja tidak punya lembar `{sheet}`"), ("`sheet` names one of the workbook's sheets.", "`sheet` menyebut salah satu lembar buku kerja.")),
    "R117": Code(E, ("the first row names no column `then` after the inputs", "baris pertama tidak memuat kolom `then` setelah masukan"), ("The columns before `then` are the table's inputs, those after it say something of a row.", "Kolom sebelum `then` adalah masukan tabel, kolom sesudahnya keterangan baris.")),
    # R2: the shape of a file
    "R201": Code(E, ("unknown key `{key}`", "kunci `{key}` tidak dikenal"), ("Only the keys in the rule-language manual may stand here.", "Hanya kunci yang ada di panduan bahasa aturan yang boleh di sini.")),
    "R202": Code(E, ("`{key}` is missing", "`{key}` belum ada"), ("This entry needs that key.", "Entri ini memerlukan kunci itu.")),
    "R203": Code(E, ("expected {wanted}", "seharusnya {wanted}"), ("The value has another shape than this key takes.", "Bentuk nilai ini tidak sesuai dengan kuncinya.")),
    "R204": Code(E, ("`{text}` is not one of {values}", "`{text}` bukan salah satu dari {values}"), ("This key takes one of a few words.", "Kunci ini menerima salah satu dari beberapa kata.")),
    "R205": Code(E, ("`{text}` is not an id", "`{text}` bukan id"), ("Ids are lowercase letters, digits and `_` (rules also `-`), and begin with a letter.", "Id berupa huruf kecil, angka, dan `_` (aturan boleh `-`), dan diawali huruf.")),
    "R206": Code(E, ("one of {keys} is needed, and only one", "diperlukan salah satu dari {keys}, dan hanya satu"), ("These keys exclude each other.", "Kunci-kunci ini saling meniadakan.")),
    "R207": Code(E, ("this row has {got} cells for {wanted} inputs", "baris ini punya {got} sel untuk {wanted} masukan"), ("Each row of a table has one cell for each input.", "Setiap baris tabel punya satu sel untuk setiap masukan.")),
    "R208": Code(E, ("`{file}` is not in the model's folder", "`{file}` tidak ada di folder model"), ("A model's files live in its own folder.", "Berkas model berada di foldernya sendiri.")),
    # R3: the syntax of an expression
    "R301": Code(E, ("expected {what}, found `{found}`", "seharusnya {what}, ditemukan `{found}`"), ("The expression cannot go on like this.", "Ekspresi tidak dapat berlanjut seperti ini.")),
    "R302": Code(E, ("the text ends where {what} is expected", "teks berakhir padahal masih diperlukan {what}"), ("Something is missing at the end.", "Ada yang kurang di akhir.")),
    "R303": Code(E, ("`{char}` cannot stand here", "`{char}` tidak dapat berada di sini"), ("This character begins nothing in the language.", "Karakter ini tidak memulai apa pun dalam bahasa ini.")),
    "R304": Code(E, ("`{what}` is opened and not closed", "`{what}` dibuka tetapi tidak ditutup"), ("A text or a quoted name runs to the end of the expression.", "Teks atau nama berkutip berlanjut sampai akhir ekspresi.")),
    "R305": Code(E, ("comparisons cannot be chained: a second `{op}` follows", "perbandingan tidak dapat dirangkai: `{op}` kedua menyusul"), ("`a < b < c` has no meaning; join two comparisons with `and`, or use a range.", "`a < b < c` tidak bermakna; gabungkan dua perbandingan dengan `and`, atau pakai rentang.")),
    "R306": Code(E, ("`{text}` is too large for a number", "`{text}` terlalu besar untuk bilangan"), ("Numbers reach to about 1.8e308.", "Bilangan mencapai sekitar 1.8e308.")),
    "R307": Code(E, ("an expression of {length} characters is longer than {limit}", "ekspresi {length} karakter melebihi {limit}"), ("Give parts of it names in decisions.", "Beri nama bagian-bagiannya sebagai keputusan.")),
    "R308": Code(E, ("nested deeper than {limit} levels", "bersarang lebih dalam dari {limit} tingkat"), ("Give parts of it names in decisions.", "Beri nama bagian-bagiannya sebagai keputusan.")),
    "R309": Code(E, ("`{text}` is not an escape", "`{text}` bukan karakter pelolosan"), ("A backslash in a text is followed by \", \\, n, t, r or u and four digits.", "Garis miring terbalik dalam teks diikuti \", \\, n, t, r, atau u dan empat digit.")),
    "R310": Code(E, ("the expression is complete before `{found}`", "ekspresi sudah lengkap sebelum `{found}`"), ("Two values stand side by side without an operator.", "Dua nilai berdampingan tanpa operator.")),
    # R4: names and types
    "R401": Code(E, ("unknown name `{name}`", "nama `{name}` tidak dikenal"), ("The name is no input, parameter, decision or fact that can be used here. Texts stand in double quotes.", "Nama ini bukan masukan, parameter, keputusan, atau fakta yang dapat dipakai di sini. Teks ditulis dalam kutip ganda.")),
    "R402": Code(E, ("`{op}` needs {wanted}, `{text}` is {got}", "`{op}` memerlukan {wanted}, sedangkan `{text}` adalah {got}"), ("Nothing is converted silently.", "Tidak ada yang diubah diam-diam.")),
    "R403": Code(E, ("unknown function `{name}`", "fungsi `{name}` tidak dikenal"), ("The manual lists the functions.", "Panduan memuat daftar fungsi.")),
    "R404": Code(E, ("wrong number of arguments for `{name}`: {got} instead of {wanted}", "jumlah argumen `{name}` keliru: {got}, seharusnya {wanted}"), ("The manual shows how the function is called.", "Panduan menunjukkan cara memanggil fungsi ini.")),
    "R405": Code(E, ("`{word}` is not a value of `{of}`", "`{word}` bukan nilai dari `{of}`"), ("The comparison could never hold: the word is not declared.", "Perbandingan ini tidak akan pernah terpenuhi: kata itu tidak dideklarasikan.")),
    "R406": Code(E, ("`{text}` may be null, and a value is needed here", "`{text}` bisa null, padahal di sini diperlukan nilai"), ("A missing input or a division by zero would leave this without a value.", "Masukan yang kosong atau pembagian dengan nol akan membuat ini tanpa nilai.")),
    "R407": Code(E, ("{a} and {b} cannot be compared", "{a} dan {b} tidak dapat dibandingkan"), ("Both sides of a comparison are of one kind.", "Kedua sisi perbandingan harus sejenis.")),
    "R408": Code(E, ("expected {wanted}, `{text}` is {got}", "seharusnya {wanted}, sedangkan `{text}` adalah {got}"), ("The expression gives another kind of value than is needed here.", "Ekspresi ini memberi jenis nilai yang berbeda dari yang diperlukan.")),
    "R409": Code(E, ("the list mixes {wanted} and {got}", "daftar ini mencampur {wanted} dan {got}"), ("All members of a list are of one kind.", "Semua anggota daftar harus sejenis.")),
    "R410": Code(E, ("`then` gives {then} and `else` gives {otherwise}", "`then` memberi {then} dan `else` memberi {otherwise}"), ("Both branches give one kind of value.", "Kedua cabang memberi jenis nilai yang sama.")),
    "R411": Code(E, ("`{{{name}}}` in this sentence names nothing", "`{{{name}}}` dalam kalimat ini tidak merujuk apa pun"), ("A placeholder is a name of the model.", "Penanda isi adalah nama dalam model.")),
    # R5: the model as a whole
    "R501": Code(E, ("`{name}` is defined twice", "`{name}` didefinisikan dua kali"), ("Inputs, parameters, decisions and the placement share one set of names; ids of one kind are unique.", "Masukan, parameter, keputusan, dan kedudukan berbagi satu kumpulan nama; id dalam satu jenis harus unik.")),
    "R502": Code(E, ("these definitions need each other: {ring}", "definisi-definisi ini saling memerlukan: {ring}"), ("A value cannot be computed from itself.", "Nilai tidak dapat dihitung dari dirinya sendiri.")),
    "R503": Code(E, ("unknown {kind} `{name}`", "{kind} `{name}` tidak dikenal"), ("The id is not defined in this model.", "Id ini tidak didefinisikan dalam model.")),
    "R504": Code(E, ("rows {a} and {b} both match {profile}", "baris {a} dan {b} sama-sama cocok untuk {profile}"), ("Under the hit policy `unique` at most one row may match.", "Dengan kebijakan `unique` paling banyak satu baris boleh cocok.")),
    "R505": Code(E, ("there are no {kind}", "belum ada {kind}"), ("A model needs at least one.", "Model memerlukan sekurang-kurangnya satu.")),
    "R506": Code(E, ("`{name}` is outside its range {low} to {high}", "`{name}` di luar rentangnya {low} sampai {high}"), ("A parameter's value lies within its stated range.", "Nilai parameter berada dalam rentang yang dinyatakan.")),
    "R507": Code(E, ("`{name}` has neither source nor `estimate: true`", "`{name}` tidak punya sumber maupun `estimate: true`"), ("Every number says where it comes from, or that it is an estimate.", "Setiap angka menyebutkan asalnya, atau bahwa itu perkiraan.")),
    "R508": Code(E, ("posts report to each other: {ring}", "posisi saling melapor: {ring}"), ("Reporting lines end at a post that reports to nobody.", "Garis pelaporan berakhir pada posisi yang tidak melapor ke siapa pun.")),
    "R509": Code(E, ("the shares of `{role}` add up to {total}, not 1", "pembagian `{role}` berjumlah {total}, bukan 1"), ("Posts that cover one role divide all of its work among them.", "Posisi yang mengerjakan satu peran membagi seluruh pekerjaannya.")),
    "R510": Code(E, ("no model named `{name}`", "tidak ada model bernama `{name}`"), ("`extends` names a shipped model or a folder.", "`extends` menyebut model bawaan atau sebuah folder.")),
    "R511": Code(E, ("`{name}` is missing in the structure `{structure}`", "`{name}` tidak ada di struktur `{structure}`"), ("All structures have the same attributes, so that criteria can use them.", "Semua struktur punya atribut yang sama, agar kriteria dapat memakainya.")),
    "R512": Code(E, ("the output `{value}` is not among the table's values", "keluaran `{value}` tidak ada di antara nilai tabel"), ("A table with `values` gives only those.", "Tabel dengan `values` hanya memberi nilai itu.")),
    "R513": Code(E, ("`{policy}` needs `values`, in order of priority", "`{policy}` memerlukan `values`, menurut urutan prioritas"), ("The order of `values` decides which output comes first.", "Urutan `values` menentukan keluaran yang didahulukan.")),
    "R514": Code(E, ("all weights are zero", "semua bobot nol"), ("Some criterion must have a weight above zero for every profile.", "Sekurang-kurangnya satu kriteria harus berbobot lebih dari nol.")),
    "R515": Code(E, ("`{text}` is not `name=number`", "`{text}` bukan `nama=angka`"), ("`--param care_minimum_inquiries=20` sets one parameter for this run.", "`--param care_minimum_inquiries=20` mengubah satu parameter untuk sekali jalan.")),
    "R516": Code(E, ("`range` is not understood: `{text}`", "`range` tidak dapat dibaca: `{text}`"), ("A range is written `[0..10]`, `(0..10)` or `>= 0`.", "Rentang ditulis `[0..10]`, `(0..10)`, atau `>= 0`.")),
    "R517": Code(E, ("the default of `{name}` may lie outside {low} to {high}", "nilai bawaan `{name}` bisa berada di luar {low} sampai {high}"), ("A default obeys the range that stated values obey.", "Nilai bawaan mematuhi rentang yang berlaku bagi nilai yang dinyatakan.")),
    "R518": Code(E, ("the scale of `{name}` has the same worst and best", "skala `{name}` punya nilai terburuk dan terbaik yang sama"), ("A scale runs from a worst to a different best value.", "Skala membentang dari nilai terburuk ke nilai terbaik yang berbeda.")),
    "R519": Code(E, ("the weight of `{name}` is negative", "bobot `{name}` negatif"), ("Weights are importances: zero or more.", "Bobot menyatakan kepentingan: nol atau lebih.")),
    "R531": Code(E, ("`same(p, q, except x)` stands once, in `when`, beside the other conditions, and names the two profiles", "`same(p, q, except x)` ditulis sekali, di `when`, di samping syarat lain, dan menyebut kedua profil"),
                 ("It says that two profiles state the same inputs, but for those that are named; it may be joined to other conditions by `and` only.", "Artinya dua profil menyatakan masukan yang sama, kecuali yang disebut; hanya boleh dihubungkan dengan syarat lain lewat `and`.")),
}  # fmt: skip

CODES.update(PROFILE_CODES)
CODES.update(EXECUTION_CODES)
CODES.update(LINT_CODES)
