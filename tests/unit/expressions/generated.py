"""Expressions made at random, most of them of matching types."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from hypothesis import strategies as st

VARIABLES: dict[str, Any] = {
    "i": 3,
    "f": 2.5,
    "g": 4.0,
    "s": "abc",
    "t": "A b-C",
    "b": True,
    "no": False,
    "n": None,
    "xs": [1.5, -2.0, 3.0],
    "ss": ["b", "a", "ab"],
    "m": {"a": 1.5, "b": {"c": "d"}},
}
"""What generated expressions may name."""

# Rules stand between `~` or line breaks; `@kind` in them stands for an expression of that kind.
RULES: dict[str, str] = {
    "int": """
        1 ~ 2 ~ 7 ~ i ~ -@int ~ @int + @int ~ @int - @int ~ @int * @int ~ @int % @int ~ (@int)
        len(@string) ~ len(@ints) ~ len(toPairs(@map)) ~ len(@map) ~ abs(@int)
        int(@float) ~ int(string(@int))
        indexOf(@string, @string) ~ lastIndexOf(@string, @string) ~ @ints[@int] ~ {a: @int}.a
        count(@ints, @test) ~ count(@strings, # @text_test @string) ~ sum(@ints, # * @int)
        sum(@ints) ~ max(@int, @int) ~ min(@ints) ~ first(@ints) ~ last(@ints) ~ get(@ints, @int)
        reduce(@ints, #acc + #) ~ reduce(@ints, #acc - # * #index, @int) ~ find(@ints, @test)
        findIndex(@ints, @test)
        bitand(@int, @int) ~ bitor(@int, @int) ~ bitxor(@int, @int) ~ bitnand(@int, @int)
        bitnot(@int) ~ bitshr(@int, 2) ~ let v = @int; v + @int ~ @nil ?? @int ~ (@int; @int)
        @bool ? @int : @int ~ if @bool { @int } else { @int } ~ @bool ?: @bool""",
    "float": """
        1.5 ~ .25 ~ 1e3 ~ f ~ g ~ xs[@int] ~ m.a ~ -@float ~ @int ** 2 ~ @float + @int
        @int - @float ~ @float * @float ~ @int / g ~ f / @float ~ float(@int) ~ ceil(@float)
        floor(@float) ~ round(@float) ~ mean(@ints) ~ median(@ints) ~ max(xs) ~ sum(xs)
        float(string(@float)) ~ abs(@float) ~ @bool ? @float : @float ~ reduce(xs, #acc + #)
        fromJSON(toJSON(@float))""",
    "string": """
        'ab' ~ "B,c" ~ `d e` ~ '' ~ s ~ t ~ m.b.c ~ @string + @string ~ ss[@int] ~ (@string)
        upper(@string) ~ lower(@string) ~ trim(@string) ~ trim(@string, 'ab') ~ string(@any)
        trimPrefix(@string, @string) ~ trimSuffix(@string, @string) ~ type(@any)
        replace(@string, @string, @string) ~ repeat(@string, @small) ~ join(@strings)
        join(@strings, @string) ~ toBase64(@string) ~ toJSON(@ints) ~ toJSON(@string)
        toJSON(@map) ~ fromBase64(toBase64(@string)) ~ fromJSON(toJSON(@string)) ~ {b: s}.b
        @string[@int:@int] ~ @string[:@int] ~ @string[@int:] ~ first(@strings) ~ m?.b?.c
        @bool ? @string : @string ~ @nil ?? @string ~ reduce(@strings, #acc + #)
        find(@strings, # @text_test @string) ~ n?.a.b ?? @string ~ let w = @string; w + w
        string(duration('@smallm1s')) ~ date('2024-02-2@day').Format('Mon _2 Jan 06 15:04')
        string(date('2024-01-0@day'))""",
    "bool": """
        b ~ no ~ (true ? b : false) ~ not @bool ~ !@bool ~ @bool and @bool ~ @bool || @bool
        @bool && @bool
        @any == @any ~ @any != @any ~ @int < @int ~ @int >= @float ~ @int < @float <= @int
        @string > @string ~ @string @text_test @string ~ @string not @text_test @string
        @int in @ints ~ @string not in @strings ~ @string in @map ~ @any in [@any, @any]
        all(@ints, @test) ~ none(@ints, @test) ~ any(@ints, @test) ~ one(@ints, @test)
        hasPrefix(@string, @string) ~ hasSuffix(@string, @string) ~ @string matches '^[a-c]+$'
        @nil == nil ~ any(@strings, # == @string) ~ 's' in $env ~ @bool ?: @bool ~ (@bool)
        duration('@smallh') > duration('90m') ~ date('2024-01-0@day') < date('2024-01-05')""",
    "ints": """
        [@int, @int] ~ [@int, @int, @int] ~ [] ~ 1..@small ~ map(@ints, # + @int) ~ reverse(@ints)
        filter(@ints, @test) ~ sort(@ints) ~ sort(@ints, 'desc') ~ uniq(@ints) ~ take(@ints, @int)
        concat(@ints, @ints) ~ @ints[@int:] ~ @ints[:@int] ~ flatten([@ints, [@int]])
        map(@ints, # * #index) ~ sortBy(@ints, -#) ~ map(@strings, len(#)) ~ (@ints)
        @bool ? @ints : @ints ~ groupBy(@ints, # % 2)[1] ?? [] ~ map(@ints, {let q = #; q + q})
        map([@map], .k ?? @int) ~ @ints | filter(@test) | map(# - 1)""",
    "strings": """
        ss ~ [@string] ~ [@string, @string] ~ sort(@strings) ~ uniq(@strings) ~ (@strings)
        split(@string, @string) ~ split(@string, @string, 2) ~ splitAfter(@string, @string)
        map(@strings, upper(#)) ~ filter(@strings, # != @string) ~ sort(keys(@map))
        map(@ints, string(#)) ~ reverse(@strings) ~ concat(@strings, @strings)
        sortBy(@strings, len(#)) ~ values({k: @string})""",
    "map": """
        m ~ {} ~ {a: @int, 'b c': @string} ~ {k: @any, (s): @any} ~ m.b ~ {a: @any, a: @any}
        [@map][0] ~ @bool ? @map : @map ~ fromJSON(toJSON(@map)) ~ (@map)""",
    "nil": "nil ~ n ~ m.zz ~ m?.zz?.y ~ unknown ~ get(m, 'zz') ~ get(@ints, 99)",
    "any": "@int ~ @float ~ @string ~ @bool ~ @ints ~ @strings ~ @map ~ @nil",
    "test": "# > @int ~ # % 2 == 0 ~ { # < 2 } ~ # in @ints ~ @bool ~ # != @int",
    "text_test": "contains ~ startsWith ~ endsWith",
    "small": "0 ~ 1 ~ 2 ~ 5",
    "day": "1 ~ 2 ~ 5",
}
HOLE = re.compile(rf"@({'|'.join(sorted(RULES, key=len, reverse=True))})")


def any_expression(depth: int = 3) -> st.SearchStrategy[str]:
    """Return expressions of all kinds."""
    kinds = st.sampled_from(("int", "float", "string", "bool", "any"))
    return kinds.flatmap(lambda kind: expressions(kind, depth))


@cache
def expressions(kind: str, depth: int) -> st.SearchStrategy[str]:
    """Return expressions of that kind; now and then one of another kind slips in."""
    rules = [rule.strip() for rule in re.split("[~\n]", RULES[kind]) if rule.strip()]
    leaves = [rule for rule in rules if not HOLE.search(rule)]
    if depth <= 0:
        return st.sampled_from(leaves) if leaves else expressions("int", depth)
    chosen = [filled(rule, depth - 1) for rule in rules]
    return st.one_of(*chosen, expressions("any", depth - 1) if "@" in RULES[kind] else chosen[0])


def filled(rule: str, depth: int) -> st.SearchStrategy[str]:
    """Return the expressions that a rule stands for."""
    literals = HOLE.split(rule)[::2]
    holes = st.tuples(*(operands(kind, depth) for kind in HOLE.findall(rule)))
    first, *others = literals
    return holes.map(
        lambda parts: first + "".join(p + o for p, o in zip(parts, others, strict=True))
    )


def operands(kind: str, depth: int) -> st.SearchStrategy[str]:
    """Return expressions to be put into others, mostly in parentheses where that matters."""
    if kind in ("test", "text_test", "small", "day"):
        return expressions(kind, depth)
    return st.builds(
        lambda text, bare: text if bare or " " not in text else f"({text})",
        expressions(kind, depth),
        st.sampled_from([True, False, False, False]),
    )
