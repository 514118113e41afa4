namespace ElfMmu.Memory;

/// <summary>
/// One of several users of a source, which is closed with the last of them: the same file, mapped or unpacked once, shown at different
/// physical addresses. Safe to use from several threads.
/// </summary>
internal sealed unsafe class SharedDataSource : DataSource
{
    private readonly DataSource _source;
    private readonly Users _users;
    private int _isDisposed;

    /// <summary>Takes over a source as its first user.</summary>
    public SharedDataSource(DataSource source)
        : this(source, new Users { Count = 1 })
    {
    }

    private SharedDataSource(DataSource source, Users users)
    {
        _source = source;
        _users = users;
    }

    /// <inheritdoc/>
    public override string Name => _source.Name;

    /// <inheritdoc/>
    public override ulong Length => _source.Length;

    /// <inheritdoc/>
    internal override byte* Pointer => Open.Pointer;

    private DataSource Open
    {
        get
        {
            ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);
            return _source;
        }
    }

    /// <summary>One more user of the source, to be disposed by itself; null when the last one is gone.</summary>
    public SharedDataSource? TryShare()
    {
        lock (_users)
        {
            if (_users.Count == 0)
            {
                return null;
            }

            _users.Count++;
            return new SharedDataSource(_source, _users);
        }
    }

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> destination) => Open.Read(offset, destination);

    /// <inheritdoc/>
    internal override DamageLog? Damage => _source.Damage;

    /// <inheritdoc/>
    internal override bool TryRead(ulong offset, Span<byte> destination) => Open.TryRead(offset, destination);

    /// <inheritdoc/>
    internal override void CheckLength() => Open.CheckLength();

    /// <inheritdoc/>
    internal override bool IsHole(ulong offset, out ulong end) => Open.IsHole(offset, out end);

    /// <inheritdoc/>
    internal override void ReadIsland(ulong offset, Span<byte> destination) => Open.ReadIsland(offset, destination);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
        {
            return;
        }

        lock (_users)
        {
            if (--_users.Count > 0)
            {
                return;
            }
        }

        _source.Dispose();
    }

    private sealed class Users
    {
        public int Count { get; set; }
    }
}
