using System.Globalization;
using Billing.Contracts;

namespace Billing.Customers;

/// <summary>
/// Masks names for use outside this service (rules.md I-9). Of a person the first character of the name and one star
/// are shown, however long the name is: 张*. Of an organisation two characters at each end: 北京**公司; at least two
/// characters are always hidden, so of short names fewer are shown.
/// </summary>
public static class Mask
{
    /// <summary>What stands in the place of a masked name that was erased; no name is masked like this.</summary>
    public const string Erased = "***";

    private static readonly string[] Organisations =
    [
        "公司", "集团", "厂", "店", "院", "校", "学", "局", "所", "中心", "合作社", "委员会", "协会", "银行", "宾馆", "酒店",
        "商场", "超市", "部", "站", "馆", "社", "园", "处", "村", "行",
    ];

    /// <summary>The masked name.</summary>
    public static string Name(string name, HolderKind kind)
    {
        var letters = Letters(name);
        var (head, tail) = (kind, letters.Length) switch
        {
            (HolderKind.Person, > 1) => (1, 0),
            (HolderKind.Company, >= 6) => (2, 2),
            (HolderKind.Company, >= 4) => (1, 1),
            (HolderKind.Company, 3) => (1, 0),
            _ => (0, 0),
        };
        var stars = kind == HolderKind.Company && letters.Length >= 4 ? "**" : "*";
        return string.Concat(letters[..head]) + stars + string.Concat(letters[^tail..]);
    }

    /// <summary>
    /// The kind of holder that a name without a kind is taken for. Chinese names of persons have two to four
    /// characters, or a dot between their parts; names of organisations end in a word for the kind of organisation.
    /// </summary>
    public static HolderKind KindOf(string name)
    {
        var length = Letters(name).Length;
        var dotted = name.Contains('·', StringComparison.Ordinal);
        var says = length > 3 && !dotted && Organisations.Any(word => name.EndsWith(word, StringComparison.Ordinal));
        var longer = length > 4 && !dotted && name.All(c => c > '\u2e7f');
        return says || longer ? HolderKind.Company : HolderKind.Person;
    }

    /// <summary>The visible characters of a name; rare ideographs take two chars.</summary>
    private static string[] Letters(string name)
    {
        var elements = StringInfo.GetTextElementEnumerator(name);
        var letters = new List<string>(name.Length);
        while (elements.MoveNext())
            letters.Add(elements.GetTextElement());
        return [.. letters];
    }
}
