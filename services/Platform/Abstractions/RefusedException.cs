namespace Billing.Platform;

/// <summary>A refusal found where only an exception gets out, such as while a body is being read.</summary>
public sealed class RefusedException : Exception
{
    /// <summary>Refuses.</summary>
    public RefusedException(Rejection rejection)
        : base(rejection?.Message) => Rejection = rejection!;

    /// <summary>Why.</summary>
    public Rejection Rejection { get; }
}
