"""A small whole model, as files of a folder: what a case of tests/cases/diagnostics/ changes one file of."""

from __future__ import annotations

BASE: dict[str, str] = {
    "model.yaml": """\
name: small
version: 1.0.0
profile: {id: org_id}
staffing: {wage_base: 'pay'}
""",
    "inputs.yaml": """\
org_id: {type: string, label: {en: Id, id: Id}, required: true}
employees: {type: integer, label: {en: Employees, id: Pegawai}, range: '[1..1000]', required: true}
questions: {type: number, label: {en: Questions, id: Pertanyaan}, range: '>= 0'}
colour: {type: string, label: {en: Colour, id: Warna}, values: {red: {en: Red, id: Merah}, blue: {en: Blue, id: Biru}}}
goals: {type: ranking, label: {en: Goals, id: Tujuan}, values: {brand: {en: Brand, id: Merek}, service: {en: Service, id: Layanan}}}
open: {type: boolean, label: {en: Open, id: Buka}, default: 'true'}
""",
    "parameters.yaml": """\
pay: {value: 100, estimate: true}
""",
    "decisions.yaml": """\
work: {value: 'employees / 100'}
""",
    "roles.yaml": """\
officer: {label: {en: Officer, id: Petugas}, fte: 'work'}
""",
    "rules.yaml": """\
- id: officer-always
  when: 'true'
  activate: officer
  because: {en: Always., id: Selalu.}
""",
    "structures.yaml": """\
solo: {label: {en: Solo, id: Tunggal}, posts: {one: {covers: [officer]}}}
""",
    "criteria.yaml": """\
- {id: covered, label: {en: Covered, id: Tercakup}, weight: 1, value: 'staffing.coverage'}
""",
}
