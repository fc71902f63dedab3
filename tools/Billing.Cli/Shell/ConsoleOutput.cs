using System.Diagnostics;
using Spectre.Console;

namespace Billing.Tools;

/// <summary>
/// The tool's output: numbered sections, results with their durations, tables, and a progress bar at a terminal.
/// Elsewhere it writes the same in plain lines, 100 columns wide.
/// </summary>
internal sealed class ConsoleOutput
{
    private const int Width = 100;
    private const int SectionsPerLine = 4;
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(5);
    private readonly IAnsiConsole _console;
    private readonly Stopwatch _total = Stopwatch.StartNew();
    private readonly List<(string Title, TimeSpan Took)> _sections = [];
    private Stopwatch _section = new();
    private string? _title;

    public ConsoleOutput(IAnsiConsole? console = null)
    {
        _console = console ?? AnsiConsole.Create(new()
        {
            Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (!_console.Profile.Out.IsTerminal || _console.Profile.Width > Width)
            _console.Profile.Width = Width;
    }

    /// <summary>Whether the output is an interactive terminal.</summary>
    public bool IsLive => _console.Profile.Out.IsTerminal && _console.Profile.Capabilities.Ansi;

    public TimeSpan Elapsed => _total.Elapsed;

    public void Section(string title)
    {
        EndSection();
        (_title, _section) = (title, Stopwatch.StartNew());
        _console.WriteLine();
        var heading = $"[bold]{_sections.Count + 1}  {Markup.Escape(title)}[/]";
        _console.Write(new Rule(heading) { Justification = Justify.Left, Style = "grey" });
    }

    /// <summary>Prints the sections with their durations.</summary>
    public void Timing()
    {
        EndSection();
        Line($"{_total.Elapsed.TotalSeconds:0.0} s in all");
        var parts = _sections.Select(
            section => $"{section.Title.Split("  ")[0].ToLowerInvariant()} {section.Took.TotalSeconds:0.0} s");
        foreach (var some in parts.Chunk(SectionsPerLine))
            Note("    " + string.Join(", ", some));
    }

    public void Line(string text = "") => _console.WriteLine(text.Length == 0 ? "" : "  " + text);

    /// <summary>A remark in grey, cut at the end of the line.</summary>
    public void Note(string text) => _console.MarkupLine($"  [grey]{Markup.Escape(Cut(text, Width - 4))}[/]");

    public void Warn(string text) => _console.MarkupLine($"  [yellow]{Markup.Escape(text)}[/]");

    /// <summary>Does some work and prints its result, with the duration at the right margin.</summary>
    public async Task<T> Do<T>(Func<Task<T>> work, Func<T, string> told)
    {
        var watch = Stopwatch.StartNew();
        var result = await work();
        Fact(told(result), watch.Elapsed);
        return result;
    }

    public void Fact(string text, TimeSpan took)
    {
        var time = $"{took.TotalSeconds:0.0} s";
        text = Cut(text, Width - 5 - time.Length);
        var room = Math.Max(1, Width - 4 - Columns(text) - time.Length);
        _console.MarkupLine($"  {Markup.Escape(text)}{new string(' ', room)}[grey]{time}[/]");
    }

    public void Table(Table table) => _console.Write(new Padder(table.Border(TableBorder.Simple), new(2, 0, 0, 0)));

    /// <summary>Shows the progress of a count until it reaches a total.</summary>
    public async Task Follow(string what, long total, Func<Task<long>> read)
    {
        var (watch, last, lastAt) = (Stopwatch.StartNew(), -1L, TimeSpan.Zero);
        await Bar(what, total, async tell =>
        {
            while (true)
            {
                var now = await read();
                tell(now);
                if (now >= total)
                    return;
                if (now != last)
                    (last, lastAt) = (now, watch.Elapsed);
                else if (watch.Elapsed - lastAt > StallTimeout)
                    throw new Failure(
                        $"{what}: no progress since {StallTimeout.TotalMinutes:0} minutes at {now:N0} of {total:N0}.");
                await Task.Delay(IsLive ? 50 : 20);
            }
        });
        var rate = total / Math.Max(0.001, watch.Elapsed.TotalSeconds);
        Fact($"{what}: {total:N0}{(watch.Elapsed.TotalSeconds > 0.2 ? $", {rate:N0} per second" : "")}", watch.Elapsed);
    }

    /// <summary>Waits until a condition holds.</summary>
    public async Task Wait(string what, Func<Task<bool>> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            if (watch.Elapsed > StallTimeout)
                throw new Failure($"It is still not so after {StallTimeout.TotalMinutes:0} minutes: {what}.");
            await Task.Delay(20);
        }
        Fact(what, watch.Elapsed);
    }

    /// <summary>Shows a progress bar while the work runs; the bar is removed at its end.</summary>
    public async Task Bar(string what, long total, Func<Action<long>, Task> work)
    {
        if (!IsLive)
        {
            await work(_ => { });
            return;
        }
        await _console.Progress().AutoClear(true).HideCompleted(false)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn { Width = 40 }, new PercentageColumn(),
                new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var task = progress.AddTask("  " + Markup.Escape(what), maxValue: Math.Max(1, total));
                await work(value => task.Value = value);
            });
    }

    /// <summary>The width of a text in columns; Chinese characters take two.</summary>
    public static int Columns(string text) => text.Sum(Columns);

    /// <summary>Cuts a text to a number of columns.</summary>
    public static string Cut(string text, int most)
    {
        for (int i = 0, columns = 0; i < text.Length; i++)
        {
            columns += Columns(text[i]);
            if (columns > most)
                return text[..(i - 1)] + "…";
        }
        return text;
    }

    private static int Columns(char c) => c is >= '\u2e80' and <= '\uffe6' ? 2 : 1;

    private void EndSection()
    {
        if (_title is not null)
            _sections.Add((_title, _section.Elapsed));
        _title = null;
    }
}
