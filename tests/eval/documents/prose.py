"""Invented prose, as much as is needed: sentences that differ, and always the same ones for a seed."""

from random import Random

_WHO = (
    "The miller of Low Sarn|A carter from the upper valley|The council's surveyor|Old Mrs Havel|The night watchman|"
    "A schoolboy with a lantern|The parish clerk|Both of the coopers|The new lock keeper|A woman from the toll house|"
    "The owner of the brick kiln|The choir of Tarn Hill|Nobody on the committee|The youngest of the ropemakers|"
    "A man who sold thread|The ferryman's widow|The engineer Dorn Weatherby|Every baker in Nether Lane"
).split("|")
_DID = (
    "counted the stones of the weir|wrote down the price of oats|asked for a second key|found a bell under the floor|"
    "carried the ladder back|painted the gate in two colours|lost the list of tenants|measured the depth of the well|"
    "paid eleven crowns for the lamp|heard the water before anybody saw it|mended the clock with a spoon|"
    "sold the last of the barrels|refused to sign the paper|kept the goats out of the chapel|walked along the whole dyke|"
    "opened the sluice by hand|spoke against the railway|drew a map of the cellars"
).split("|")
_WHEN = (
    "in the spring of the flood|on the second market day|before the harvest was in|after the mayor had left|"
    "while the mill stood still|in the week of the great frost|when the bridge was shut|without telling the county|"
    "as the bells rang for noon|three days too late|for the first time since the war|on a wet Thursday|"
    "although nobody had asked|with the help of two strangers|between the two elections|at the end of a long winter"
).split("|")
_AND = (
    "and that was the end of it|which the papers never mentioned|and the neighbours still talk about it|"
    "so that a new one had to be built|but the bill was sent to the school|and no reason was given|"
    "which cost more than the roof|though the minutes say otherwise|and a stone marks the place|"
    "and the dog went along|which pleased the inspector|but the mud kept the rest"
).split("|")


def sentence(draw):
    who, did, when = draw.choice(_WHO), draw.choice(_DID), draw.choice(_WHEN)
    more = f", {draw.choice(_AND)}" if draw.random() < 0.55 else ""
    return f"{who} {did} {when}{more}."


def paragraphs(seed, *sizes):
    """A paragraph for each size, of so many sentences; none of the sentences stands twice."""
    draw = Random(seed)
    seen, found = set(), []
    for size in sizes:
        own = []
        while len(own) < size:
            one = sentence(draw)
            if one not in seen:
                seen.add(one)
                own.append(one)
        found.append(" ".join(own))
    return found
