namespace Billing.Invoicing;

/// <summary>Limits how many what-ifs this process answers at a time: each uses a core and a connection.</summary>
public sealed class WhatIfPlaces : IDisposable
{
    private readonly SemaphoreSlim _places = new(2);

    /// <summary>Whether all places are taken, so that another what-if is refused for now.</summary>
    public bool AreTaken => _places.CurrentCount == 0;

    /// <summary>Waits for a place.</summary>
    public Task Enter(CancellationToken cancellation) => _places.WaitAsync(cancellation);

    /// <summary>Gives a place back.</summary>
    public void Leave() => _places.Release();

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();
}
