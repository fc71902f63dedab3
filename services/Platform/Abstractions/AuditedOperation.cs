using System.Text.Json;

namespace Billing.Platform;

/// <summary>
/// What the present async flow carries out, as the audit trail names it; set at the edges, beside <see cref="Actor"/>.
/// A request fills it in as it is routed and answered, so that also a refusal further out knows what was asked.
/// </summary>
public sealed class AuditedOperation
{
    private static readonly AsyncLocal<AuditedOperation?> Ambient = new();

    private int _commands;

    /// <summary>The operation of the present async flow, or null in work that nobody asked for.</summary>
    public static AuditedOperation? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    /// <summary>Its name: that of the endpoint or of the consumer; null before a request is routed.</summary>
    public string? Name { get; set; }

    /// <summary>The right that it needs, or null.</summary>
    public string? Permission { get; set; }

    /// <summary>What it is about: the values of the path, separated by slashes, or null.</summary>
    public string? Target { get; set; }

    /// <summary>Says what a refusal was about, of which less is kept; null for what is no request.</summary>
    public Func<string?>? TargetOfRefusal { get; set; }

    /// <summary>Who asked; null before the token of a request was read.</summary>
    public Actor? Actor { get; set; }

    /// <summary>The program through which a person acts, such as <c>console</c>, or null.</summary>
    public string? Client { get; set; }

    /// <summary>What it changed, a JSON object; null where events say it.</summary>
    public string? Details { get; private set; }

    /// <summary>Says what the present operation changes, where no event does: never personal data.</summary>
    /// <param name="before">What was, or null.</param>
    /// <param name="after">What is now, or null.</param>
    public static void Changes(object? before, object? after)
    {
        if (Current is { } operation)
            operation.Details = JsonSerializer.Serialize(new { before, after }, Wire.Stored);
    }

    /// <summary>The code with which it was refused, or null.</summary>
    public string? Refusal { get; set; }

    /// <summary>What its request may be used for once; null for a request that may be repeated.</summary>
    public Nonce? Nonce { get; set; }

    /// <summary>Commands whose rows are in the audit trail already, written with their events.</summary>
    public int Commands => Volatile.Read(ref _commands);

    /// <summary>Counts a command that was recorded with its events.</summary>
    public void CommandRecorded() => Interlocked.Increment(ref _commands);
}
