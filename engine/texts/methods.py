"""Sentences about scoring methods and where they disagree, in English and Indonesian."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    "method.weighted-sum": ("Weighted sum", "Jumlah berbobot"),
    "method.spotis": ("SPOTIS", "SPOTIS"),
    "method.topsis": ("TOPSIS", "TOPSIS"),
    "method.vikor": ("VIKOR", "VIKOR"),
    "method.promethee-ii": ("PROMETHEE II", "PROMETHEE II"),
    "method.none": ("fixed scales", "skala tetap"),
    "method.max": ("shares of the largest", "relatif terhadap nilai terbesar"),
    "method.sum": ("shares of the sum", "relatif terhadap jumlah"),
    "method.minmax": ("stretched to the range", "direntangkan pada kisaran"),
    "method.vector": ("vector lengths", "panjang vektor"),
    "method.usual": ("any difference", "selisih berapa pun"),
    "method.v-shape": ("in proportion", "sebanding selisihnya"),
    "method.linear": ("with thresholds", "dengan ambang"),
    "method.gaussian": ("Gaussian", "Gauss"),
    "reason.method": ("Ranked by {method}.", "Peringkat menurut {method}."),
    "compare.values": ("how each criterion is met, 0 to 1", "pemenuhan tiap kriteria, 0 sampai 1"),
    "methods.title": ("By other methods", "Menurut metode lain"),
    "methods.method": ("Method", "Metode"),
    "methods.place_1": ("First", "Pertama"),
    "methods.place_2": ("Second", "Kedua"),
    "methods.agreement": ("Same order", "Urutan sama"),
    "methods.agreement_note": (
        "Same order: the share of pairs of structures that stand in the order of the recommendation.",
        "Urutan sama: persentase pasangan struktur yang urutannya sama dengan urutan dalam saran.",
    ),
    "methods.all": ("All {count} methods put {structure} first.", "Semua {count} metode menempatkan {structure} di urutan pertama."),
    "methods.both": ("Both methods put {structure} first.", "Kedua metode menempatkan {structure} di urutan pertama."),
    "methods.one": ("{method} puts {structure} first, too.", "{method} juga menempatkan {structure} di urutan pertama."),
    "methods.none": ("None of the {count} methods puts {structure} first.", "Tidak satu pun dari {count} metode menempatkan {structure} di urutan pertama."),
    "methods.some": ("{agree} of {count} methods put {structure} first.", "{agree} dari {count} metode menempatkan {structure} di urutan pertama."),
    "methods.other": ("{method} prefers {other}.", "{method} mengunggulkan {other}."),
    "methods.more": (
        "{criterion}, where {other} is ahead of {winner} ({a} against {b}), counts for more here.",
        "{criterion} lebih berpengaruh di sini, dan pada kriteria itu {other} mengungguli {winner} ({a} berbanding {b}).",
    ),
    "methods.less": (
        "{criterion}, where {other} does not lead {winner} ({a} against {b}), counts for less here.",
        "{criterion} kurang berpengaruh di sini, dan pada kriteria itu {other} memang tidak mengungguli {winner} ({a} berbanding {b}).",
    ),
    "methods.compromise": (
        "By {method} no single structure is clearly best: the compromise is between {structures}.",
        "Menurut {method}, tidak ada satu struktur pun yang jelas terbaik. Pilihan komprominya: {structures}.",
    ),
    "methods.how.weighted-sum.none": (
        "It adds up what each criterion is worth on its fixed scale.",
        "Metode ini menjumlahkan nilai tiap kriteria pada skala tetapnya.",
    ),
    "methods.how.weighted-sum.max": (
        "It measures every criterion against the best of these structures.",
        "Metode ini mengukur setiap kriteria terhadap yang terbaik di antara struktur yang dibandingkan.",
    ),
    "methods.how.weighted-sum.sum": (
        "It measures every criterion against the sum over these structures, so that criteria which few of them meet weigh more.",
        "Metode ini mengukur setiap kriteria terhadap jumlah nilai semua struktur yang dibandingkan, sehingga kriteria yang hanya dipenuhi sedikit struktur lebih berpengaruh.",
    ),
    "methods.how.weighted-sum.minmax": (
        "It stretches every criterion over the range found among these structures, so that small differences count like large ones.",
        "Metode ini merentangkan setiap kriteria pada kisaran nilai struktur yang dibandingkan, sehingga selisih kecil diperlakukan seperti selisih besar.",
    ),
    "methods.how.spotis": ("It measures the distance to the ideal on fixed scales.", "Metode ini mengukur jarak ke keadaan ideal pada skala tetap."),
    "methods.how.topsis.vector": (
        "It squares the distances to the best and to the worst value that occur, so that large gaps and heavy criteria dominate.",
        "Metode ini menguadratkan jarak ke nilai terbaik dan terburuk yang ada, sehingga selisih besar dan kriteria berbobot besar lebih menentukan.",
    ),
    "methods.how.topsis.minmax": (
        "It stretches every criterion over its range and then squares the distances to the best and to the worst.",
        "Metode ini merentangkan setiap kriteria pada kisaran nilainya, lalu menguadratkan jarak ke nilai terbaik dan terburuk.",
    ),
    "methods.how.vikor": (
        "Besides the total it looks at the one criterion on which a structure is furthest from the best.",
        "Selain nilai keseluruhan, metode ini memperhitungkan satu kriteria yang membuat suatu struktur paling jauh tertinggal dari yang terbaik.",
    ),
    "methods.how.promethee-ii.usual": (
        "It counts which structure is ahead on each criterion, not by how much.",
        "Metode ini hanya melihat struktur mana yang unggul pada tiap kriteria, bukan seberapa besar selisihnya.",
    ),
    "methods.how.promethee-ii.v-shape": (
        "It compares structures in pairs; a difference counts in proportion until it is large enough.",
        "Metode ini membandingkan struktur sepasang demi sepasang; pengaruh selisih sebanding dengan besarnya, sampai batas tertentu.",
    ),
    "methods.how.promethee-ii.linear": (
        "It compares structures in pairs; small differences do not count, large ones count fully.",
        "Metode ini membandingkan struktur sepasang demi sepasang; selisih kecil diabaikan, selisih besar dihitung penuh.",
    ),
    "methods.how.promethee-ii.gaussian": (
        "It compares structures in pairs; the larger a difference, the more it counts, levelling off in the end.",
        "Metode ini membandingkan struktur sepasang demi sepasang; makin besar selisihnya makin besar pengaruhnya, tetapi akhirnya mendatar.",
    ),
}
