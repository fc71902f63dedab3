namespace Billing.Platform;

/// <summary>
/// The numbers of PostgreSQL's advisory locks, all in one place: two of the same number would hold each other up. A
/// database belongs to one service, which has at most these.
/// </summary>
public static class AdvisoryLock
{
    /// <summary>Whoever changes the schema.</summary>
    public const int Schema = 4711;

    /// <summary>Shared by whoever writes what a draft may rest on, alone for whoever begins to post.</summary>
    public const int Posting = 4712;

    /// <summary>With the hash of a run's name: whoever freezes a run that is not there yet.</summary>
    public const int Run = 4713;

    /// <summary>Whoever rebuilds a read model.</summary>
    public const int Rebuild = 4714;
}
