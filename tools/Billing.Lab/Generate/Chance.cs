namespace Billing.Tools;

/// <summary>
/// A stream of random numbers, made from the seed and its name: the same seed gives the same data, and drawing more
/// from one stream does not change another.
/// </summary>
internal sealed class Chance(int seed, string stream)
{
    private readonly Random _random = new(Mix(seed, stream));

    /// <summary>True with the given probability, 0 to 1.</summary>
    public bool Happens(double share) => _random.NextDouble() < share;

    /// <summary>A whole number, both ends inclusive.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    /// <summary>A number from <paramref name="least"/> up to, but not including, <paramref name="most"/>.</summary>
    public double Between(double least, double most) => least + (_random.NextDouble() * (most - least));

    public T Of<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>A log-normal number, as many quantities are: most near the median, some far above it.</summary>
    public double LogNormal(double median, double sigma) => median * Math.Exp(sigma * Normal());

    /// <summary>An index by cumulated weights, ascending; the last one is their sum.</summary>
    public int ByWeight(double[] cumulated)
    {
        var found = Array.BinarySearch(cumulated, _random.NextDouble() * cumulated[^1]);
        return Math.Min(found < 0 ? ~found : found, cumulated.Length - 1);
    }

    public string Digits(int count) =>
        string.Create(count, _random, static (text, random) =>
        {
            for (var i = 0; i < text.Length; i++)
                text[i] = (char)('0' + random.Next(10));
        });

    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>FNV-1a, because string hash codes of .NET differ from process to process.</summary>
    private static int Mix(int seed, string stream)
    {
        unchecked
        {
            var hash = 2166136261u;
            foreach (var c in stream)
                hash = (hash ^ c) * 16777619u;
            for (var shift = 0; shift < 32; shift += 8)
                hash = (hash ^ ((uint)seed >> shift & 0xff)) * 16777619u;
            return (int)(hash & int.MaxValue);
        }
    }
}
