"""Diagnostic codes for what goes wrong while deciding or writing (X)."""

from __future__ import annotations

from engine.texts.code import ERROR as E
from engine.texts.code import Code

EXECUTION_CODES: dict[str, Code] = {
    "X101": Code(E, ("for `{profile}`, rows {a} and {b} of the table `{table}` both match", "untuk `{profile}`, baris {a} dan {b} tabel `{table}` sama-sama cocok"),
                 ("The table's hit policy is `unique`: at most one row may match. Make the rows exclude each other, or choose another hit policy.", "Kebijakan tabel ini `unique`: paling banyak satu baris boleh cocok. Buat barisnya saling meniadakan, atau pilih kebijakan lain.")),
    "X102": Code(E, ("for `{profile}`, rows {a} and {b} of the table `{table}` match and disagree", "untuk `{profile}`, baris {a} dan {b} tabel `{table}` cocok tetapi hasilnya berbeda"),
                 ("The table's hit policy is `any`: rows that match together must give the same output.", "Kebijakan tabel ini `any`: baris yang cocok bersamaan harus memberi hasil yang sama.")),
    "X103": Code(E, ("for `{profile}`, `{what}` has no value: a number is too large or missing", "untuk `{profile}`, `{what}` tidak punya nilai: ada angka yang terlalu besar atau kosong"),
                 ("A number that the decision needs overflowed or was divided by zero for this profile.", "Angka yang diperlukan keputusan ini terlalu besar atau dibagi nol untuk profil ini.")),
    "X104": Code(E, ("for `{profile}`, no criterion has a weight above zero, or one is negative", "untuk `{profile}`, tidak ada kriteria berbobot di atas nol, atau ada yang negatif"),
                 ("Weights are importances; they are divided by their sum, which must be above zero.", "Bobot menyatakan kepentingan dan dibagi dengan jumlahnya, yang harus di atas nol.")),
    "X201": Code(E, ("cannot write `{file}`: {why}", "tidak dapat menulis `{file}`: {why}"),
                 ("The folder may be missing or closed to you, or the disk full. An older file of that name is untouched.", "Foldernya mungkin tidak ada, tertutup bagi Anda, atau cakram penuh. Berkas lama dengan nama itu tidak berubah.")),
    "X202": Code(E, ("`{suffix}` files are not written", "berkas `{suffix}` tidak ditulis"),
                 ("The extension of the output file decides its format.", "Ekstensi berkas keluaran menentukan formatnya.")),
    "X203": Code(E, ("writing `{file}` needs the spreadsheet extra", "menulis `{file}` memerlukan tambahan lembar kerja"),
                 ("Spreadsheets are written with openpyxl, which is installed as `susun[xlsx]`.", "Lembar kerja ditulis dengan openpyxl, yang dipasang sebagai `susun[xlsx]`.")),
    "X204": Code(E, ("no organisation `{name}` in this file", "tidak ada organisasi `{name}` dalam berkas ini"),
                 ("The value of `--org` is an id of the file's id column.", "Nilai `--org` adalah kode pada kolom kode berkas ini.")),
    "X205": Code(E, ("`{name}` was rejected and cannot be decided: {why}", "`{name}` ditolak dan tidak dapat diputuskan: {why}"),
                 ("Mend the row, then run the command again.", "Perbaiki barisnya, lalu jalankan perintah lagi.")),
    "X206": Code(E, ("no {kind} `{name}`", "tidak ada {kind} `{name}`"), ("The id is not in the model.", "Id ini tidak ada dalam model.")),
    "X207": Code(E, ("`{text}` is not `field=value`", "`{text}` bukan `isian=nilai`"), ("`--set inquiries_per_day=80` changes one input for this run.", "`--set inquiries_per_day=80` mengubah satu masukan untuk sekali jalan.")),
    "X208": Code(E, ("`{folder}` exists already", "`{folder}` sudah ada"), ("A new model is written into a folder that does not exist yet.", "Model baru ditulis ke folder yang belum ada.")),
    "X209": Code(E, ("no diagnostic has the code `{name}`", "tidak ada diagnosis dengan kode `{name}`"), ("Codes stand before each message, as in R401.", "Kode tertulis di depan setiap pesan, misalnya R401.")),
    "X210": Code(E, ("there is no column `{name}` to group by", "tidak ada kolom `{name}` untuk pengelompokan"), ("`--group-by` takes a column of the output or, with `--keep`, of the input.", "`--group-by` menerima kolom keluaran atau, dengan `--keep`, kolom masukan.")),
    "X211": Code(E, ("`{file}` is missing or out of date", "`{file}` tidak ada atau sudah usang"),
                 ("The schemas of rule files are made from the shapes that the program reads; this one is not as it would be written now.", "Skema berkas aturan dibuat dari bentuk yang dibaca program; yang ini tidak sama dengan yang akan ditulis sekarang.")),
    "X212": Code(E, ("no example's name contains `{text}`", "tidak ada contoh yang namanya memuat `{text}`"),
                 ("`-k` chooses examples by a part of their name, in small or capital letters.", "`-k` memilih contoh menurut bagian namanya, dengan huruf kecil atau besar.")),
    "X213": Code(E, ("`{name}` is no folder, no shipped model and no git revision", "`{name}` bukan folder, bukan model bawaan, dan bukan revisi git"), ("A model is a folder with a model.yaml, the name of a shipped one, or, in a git repository, a revision such as HEAD~1.", "Model adalah folder berisi model.yaml, nama model bawaan, atau, dalam repositori git, revisi seperti HEAD~1.")),
    "X214": Code(E, ("revision `{name}` has no model in `{folder}`", "revisi `{name}` tidak memuat model di `{folder}`"), ("The same folder is looked for in that revision.", "Folder yang sama dicari dalam revisi itu.")),
    "X220": Code(E, ("`{file}` would not hold row {row} of `{name}` as it is", "`{file}` tidak akan memuat baris {row} dari `{name}` sebagaimana adanya"),
                 ("A table is written as a spreadsheet only if reading it back gives the same table.", "Tabel ditulis sebagai lembar kerja hanya bila pembacaannya kembali menghasilkan tabel yang sama.")),
    "X221": Code(E, ("`{name}` is a formula, not a table", "`{name}` berupa rumus, bukan tabel"), ("Only decision tables are kept as spreadsheets.", "Hanya tabel keputusan yang disimpan sebagai lembar kerja.")),
    "X231": Code(E, ("proving needs the solver z3", "pembuktian memerlukan pemecah z3"),
                 ("Properties are proved with z3, which is installed as `susun[prove]`.", "Sifat dibuktikan dengan z3, yang dipasang sebagai `susun[prove]`.")),
    "X301": Code(E, ("{count} differences between executors", "{count} perbedaan antar-pelaksana"), ("Both executors must answer the same for every cell. This is a fault of the program; please report it with the model and the row.", "Semua pelaksana harus memberi jawaban yang sama untuk setiap sel. Ini kesalahan program; laporkan beserta model dan barisnya.")),
}  # fmt: skip
