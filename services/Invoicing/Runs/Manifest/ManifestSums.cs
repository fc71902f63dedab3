using System.Security.Cryptography;
using System.Text;
using Billing.Contracts;
using Billing.Contracts.Api;

namespace Billing.Invoicing;

/// <summary>
/// Adds up exported lines one by one. A line is
/// <c>invoice,account,utility,period,class,plan,version,amount,net,tax</c>, amounts in fen, ended by one line feed.
/// </summary>
public sealed class ManifestSums : IDisposable
{
    private const int Fields = 10;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly SortedDictionary<(string Plan, int Version, string Class), ManifestTotal> _totals = [];
    private long _last = -1;

    public int Invoices { get; private set; }

    public Money Amount { get; private set; }

    public Money Net { get; private set; }

    public Money Tax { get; private set; }

    /// <summary>Whether the invoice numbers are not consecutive.</summary>
    public bool HasGap { get; private set; }

    /// <summary>
    /// The lines of a file, each with its line feed. Bytes are read as characters, because all of them are ASCII.
    /// </summary>
    public static IEnumerable<string> LinesOf(Stream file)
    {
        using var reader = new StreamReader(file, Encoding.Latin1, detectEncodingFromByteOrderMarks: false);
        var line = new StringBuilder();
        for (var next = reader.Read(); next >= 0; next = reader.Read())
        {
            line.Append((char)next);
            if (next != '\n')
                continue;
            yield return line.ToString();
            line.Clear();
        }
        if (line.Length > 0)
            yield return line.ToString();
    }

    /// <summary>Adds a line with its line feed.</summary>
    public void Add(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        _hash.AppendData(Encoding.UTF8.GetBytes(line));
        var fields = line.Split(',');
        if (!line.EndsWith('\n') || fields.Length != Fields ||
            !long.TryParse(fields[0].AsSpan(fields[0].LastIndexOf('-') + 1), out var number) ||
            !int.TryParse(fields[6], out var version) || !long.TryParse(fields[7], out var amount) ||
            !long.TryParse(fields[8], out var net) || !long.TryParse(fields[9].AsSpan().TrimEnd('\n'), out var tax))
        {
            HasGap = true;
            return;
        }
        HasGap |= _last >= 0 && number != _last + 1;
        _last = number;
        Invoices++;
        (Amount, Net, Tax) = (Amount + new Money(amount), Net + new Money(net), Tax + new Money(tax));
        var key = (fields[5], version, fields[4]);
        var total = _totals.GetValueOrDefault(key, new(fields[5], version, fields[4], 0, default, default, default));
        _totals[key] = total with
        {
            Invoices = total.Invoices + 1, Amount = total.Amount + new Money(amount), Net = total.Net + new Money(net),
            Tax = total.Tax + new Money(tax),
        };
    }

    /// <summary>The sums by plan version and class, in their order.</summary>
    public IReadOnlyList<ManifestTotal> Totals() => [.. _totals.Values];

    /// <summary>The hash over all lines.</summary>
    public string Hash() => Convert.ToHexStringLower(_hash.GetCurrentHash());

    public void Dispose() => _hash.Dispose();
}
