namespace Billing.Rating;

/// <summary>
/// The lines that another component refers to, such as the charges to which a power-factor adjustment applies: named by
/// component or by single line, all of them above it in the plan.
/// </summary>
internal sealed class LineSet
{
    private readonly HashSet<LineTemplate> _lines;

    private LineSet(HashSet<LineTemplate> lines, string words, bool isAll) =>
        (_lines, Words, IsAll) = (lines, words, isAll);

    /// <summary>The names, for people.</summary>
    public string Words { get; }

    /// <summary>Whether no names were given, which means all lines above.</summary>
    public bool IsAll { get; }

    public bool Contains(LineTemplate line) => _lines.Contains(line);

    /// <summary>Whether a line with this name belongs to the set, in any version of the plan.</summary>
    public bool Names(string line)
    {
        foreach (var one in _lines)
        {
            if (one.Id == line)
                return true;
        }
        return false;
    }

    /// <summary>Reads <c>of</c>: the names of components or lines above; all of them when it is left out.</summary>
    public static LineSet Read(PlanObject json, IReadOnlyList<PlanComponent> above)
    {
        var known = above.SelectMany(component => component.Lines).ToList();
        if (!json.Has("of"))
        {
            if (above.Count == 0)
                json.Fail("of", "is missing, and there is no component above");
            return new([.. known], "all", true);
        }
        var names = json.Texts("of", 50);
        var lines = new HashSet<LineTemplate>();
        for (var i = 0; i < names.Length; i++)
        {
            var name = names[i];
            var found = known.FindAll(line => line.Id == name || line.Component == name);
            // A component without lines was reported already; only a valid subsidy has none.
            var broken = above.Any(one => one.Id == name && one.Lines.Length == 0 && one is not Subsidy);
            if (found.Count == 0 && name.Length > 0 && !broken)
                json.Fail($"of[{i}]", "is no component or line above this one");
            else if (!found.TrueForAll(lines.Add))
                json.Fail($"of[{i}]", "is there twice");
        }
        return new(lines, string.Join(", ", names), false);
    }
}
