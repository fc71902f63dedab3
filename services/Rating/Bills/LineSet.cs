namespace Billing.Rating;

/// <summary>
/// Lines that another component is a part of, such as the charges below a power-factor adjustment: named by component
/// or by single line, all of them further up in the plan.
/// </summary>
internal sealed class LineSet
{
    private readonly HashSet<LineTemplate> _lines;

    private LineSet(HashSet<LineTemplate> lines, string words, bool isAll) =>
        (_lines, Words, IsAll) = (lines, words, isAll);

    /// <summary>What was named, for people.</summary>
    public string Words { get; }

    /// <summary>Whether nothing was named: all lines above.</summary>
    public bool IsAll { get; }

    public bool Contains(LineTemplate line) => _lines.Contains(line);

    /// <summary>Whether a line of this name is one of them, also one of another version of the plan.</summary>
    public bool Names(string line)
    {
        foreach (var one in _lines)
        {
            if (one.Id == line)
                return true;
        }
        return false;
    }

    /// <summary>Reads <c>of</c>: the names of components or lines above; left out it is all of them.</summary>
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
            // One without lines has mistakes of its own; only a subsidy never has any.
            var broken = above.Any(one => one.Id == name && one.Lines.Length == 0 && one is not Subsidy);
            if (found.Count == 0 && name.Length > 0 && !broken)
                json.Fail($"of[{i}]", "is no component or line above this one");
            else if (!found.TrueForAll(lines.Add))
                json.Fail($"of[{i}]", "is there twice");
        }
        return new(lines, string.Join(", ", names), false);
    }
}
