"""A small library of invented articles: one story in two outlets, and another one."""

from tests.rag.conftest import article

HARBOUR = """The harbour of Port Ellis will stay open through the winter, the council decided on Tuesday.

“We will keep both cranes running until the last boat is in,” said Ann Berg, the harbour master. “Nobody has asked us to stop, and nobody will.”

Carl Dahl, who owns the largest trawler, was less pleased. “The fees have gone up three times in two years,” he said. “I do not believe that the council knows what a litre of diesel costs.”

The decision does not mean that the night ferry returns. Eleven people spoke at the meeting on 3 March, which lasted four hours.

“Our children learned to swim here.

“They learned it from my father, who never charged a penny,” said Berg."""

LIBRARY = """The old library in Mill Street reopens in May after a fire that destroyed the roof.

“People brought back books that had been overdue since 1987,” said Eva Holm, who has run the library for twenty years. “We have forgiven every fine.”

Architect Jonas Frey kept the staircase. “A staircase is the only room that everybody shares,” he said. “I would not change a single step.”

The fire began in a kettle. It cost the town 2.4 million euros, of which insurers paid half."""

ARTICLES = [
    article("wire", f"{HARBOUR}\n\nMore follows.", published="2026-03-05", outlet="Coast Wire"),
    article("harbour", HARBOUR, published="2026-03-04", outlet="The Bell", authors=("Mia Stone",)),
    article("library", LIBRARY, published="2026-04-10", outlet="The Bell"),
]
