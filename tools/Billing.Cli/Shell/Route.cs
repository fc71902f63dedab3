using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Billing.Tools;

/// <summary>
/// A path on a service, written as an interpolated string such as <c>$"/invoices/{invoice}"</c>. The values in braces
/// are data from a command line or a file: each is escaped and remains one segment of the path, so that it cannot
/// change the route.
/// </summary>
[InterpolatedStringHandler]
internal readonly struct Route
{
    private readonly StringBuilder _text;

    public Route(int literalLength, int formattedCount) =>
        _text = new(literalLength + 16 * formattedCount);

    public void AppendLiteral(string text) => _text.Append(text);

    /// <summary>Appends a path whose segments are already escaped.</summary>
    public void AppendFormatted(Route path) => _text.Append(path._text);

    /// <summary>Appends one segment.</summary>
    /// <exception cref="Failure">It is empty or consists of dots only, which escaping does not protect.</exception>
    public void AppendFormatted<T>(T part, string? format = null)
    {
        var text = part is IFormattable value
            ? value.ToString(format, CultureInfo.InvariantCulture)
            : part?.ToString() ?? "";
        if (text.All(c => c == '.'))
            throw new Failure($"'{text}' is no name: it is empty, or leads to another address.");
        _text.Append(Uri.EscapeDataString(text));
    }

    public override string ToString() => _text.ToString();
}
