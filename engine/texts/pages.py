"""Sentences of tables kept as spreadsheets, of pages about definitions and of graphs, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # tables as spreadsheets
    "help.export_table": (
        "A decision's table as a spreadsheet that `table: {{file: ...}}` reads.",
        "Tabel sebuah keputusan sebagai lembar kerja yang dibaca oleh `table: {{file: ...}}`.",
    ),
    "help.import_table": (
        "A spreadsheet as the YAML of a decision's table.",
        "Lembar kerja sebagai YAML untuk tabel sebuah keputusan.",
    ),
    "help.table_name": ("a decision that is a table, or placement", "keputusan yang berupa tabel, atau placement"),
    "help.table_to": (
        "the spreadsheet to write, .csv or .xlsx; - for CSV on standard output",
        "lembar kerja yang ditulis, .csv atau .xlsx; - untuk CSV ke keluaran standar",
    ),
    "help.table_from": ("the spreadsheet to read, .csv or .xlsx", "lembar kerja yang dibaca, .csv atau .xlsx"),
    "help.table_output": ("write the YAML to this file instead of standard output", "tulis YAML ke berkas ini, bukan ke keluaran standar"),
    "help.sheet": ("which of a workbook's sheets; its first by default", "lembar mana dari buku kerja; secara bawaan yang pertama"),
    "table.exported": ("{count} rows of `{name}` written to {file}", "{count} baris `{name}` ditulis ke {file}"),
    "table.imported": ("`{name}` with {count} rows written to {file} as YAML", "`{name}` dengan {count} baris ditulis ke {file} sebagai YAML"),
    "hint.odd_characters": (
        "take characters that no spreadsheet holds out of it, and texts of blanks only",
        "hapus karakter yang tidak dapat dimuat lembar kerja dan teks yang hanya berisi spasi",
    ),
    "word.decision": ("decision", "keputusan"),
}
