namespace Billing.Conventions.Tests;

/// <summary>
/// Where a limit is not kept, and why. Entries may only shrink: a number goes down when the code does, an entry goes
/// when it is not needed any more, and both are checked. A new entry needs a reason that convinces a reviewer.
/// </summary>
internal static class Ratchet
{
    /// <summary>Files of more than 300 lines.</summary>
    public static readonly Exempt[] LongFiles =
    [
    ];

    /// <summary>Methods of more than 70 lines, as <c>file.cs Method</c>.</summary>
    public static readonly Exempt[] LongMethods = [];

    /// <summary>Tests that wait by time, as files. Everything else polls with Eventually.</summary>
    public static readonly Exempt[] Delays =
    [
        new("tests/Identity.Tests/AttackTests.cs", 1, "A hang-up must stop nothing: it is given time to be noticed."),
        new("tests/Platform.Tests/HeldTests.cs", 1, "A writer that hangs hangs for a time."),
        new("tests/Platform.Tests/LeaseTests.cs", 3, "A lease is about time: what must not happen is waited for."),
        new("tests/Platform.Tests/SoakTests.cs", 3, "What goes on for a while: writers that hold a transaction open."),
        new("tests/Platform.Tests/SubscriptionTests.cs", 1, "That an event is never skipped is seen by waiting."),
    ];

    /// <summary>Places outside Platform and tools that catch everything, as files.</summary>
    public static readonly Exempt[] Catches = [];

    /// <summary>
    /// Code lines of Platform, without blanks and comments: the budget that every service pays for. Some 500 of them
    /// are the edge (docs/adr/0024), written once here instead of in every endpoint; some 450 are what Marten does not
    /// do by itself: migrations as versions, a lease, snapshots, and the plugs for our own parts (docs/adr/0027). Some
    /// 110 tell whoever looks that a subscription stands still, and why;
    /// some 80 find out which message ends its consumer's process (docs/adr/0032), and 140 take no messages while the
    /// database is away. Some 170 are telemetry: gauges that look at outbox and queues. Thirty were in six programs,
    /// and some 110 are what tools and tests asked of stored events, each in SQL of its own. Some 120 put into OpenAPI
    /// what each operation needs and refuses, and examples. Some 190 are the doors: tokens and rights (docs/adr/0038).
    /// Some 880 are the audit trail, its chain and its verification, which every service has (docs/adr/0040). Some 510
    /// lock personal data: keys, sealing, documents, reads, and the rewriting of history (docs/adr/0039). Some 700 are
    /// what takes two people (docs/adr/0042), and some 130 are scopes and tokens that are known already.
    /// </summary>
    public const int PlatformLines = 7_410;
}

/// <summary>One exception from a limit.</summary>
/// <param name="Subject">What is exempt.</param>
/// <param name="Measure">How much it is today.</param>
/// <param name="Reason">Why.</param>
internal sealed record Exempt(string Subject, int Measure, string Reason);
