namespace ElfMmu.Spaces;

/// <summary>
/// What was found out, by what was asked, within a budget: what was asked for longest ago is given up first, but never the last that was
/// found. Safe to use from several threads; those that ask the same wait for the one that finds it out.
/// </summary>
/// <param name="budget">How much is kept.</param>
/// <param name="size">How much of that a result takes.</param>
internal sealed class KeptResults<TKey, T>(long budget, Func<T, long> size)
    where TKey : notnull
{
    private readonly Lock _lock = new();
    private readonly Dictionary<TKey, Kept> _kept = [];
    private readonly Dictionary<TKey, Turn> _turns = [];
    private long _time;
    private long _size;

    /// <summary>How many results are kept.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>What is known, or else found out by the first who asks. If that one fails, the next one tries.</summary>
    /// <param name="key">What is asked.</param>
    /// <param name="find">Finds it out; it mustn't ask the same again.</param>
    /// <param name="cancellation">Ends the waiting for another one.</param>
    public T Get(TKey key, Func<T> find, CancellationToken cancellation)
    {
        Turn? turn;
        lock (_lock)
        {
            if (TryGet(key, out T? known))
            {
                return known;
            }

            if (!_turns.TryGetValue(key, out turn))
            {
                _turns.Add(key, turn = new Turn());
            }

            turn.Waiting++;
        }

        bool isMine = false;
        try
        {
            turn.Gate.Wait(cancellation);
            isMine = true;
            return TryGet(key, out T? known) ? known : Add(key, find());
        }
        finally
        {
            lock (_lock)
            {
                if (--turn.Waiting == 0)
                {
                    _turns.Remove(key);
                }
            }

            if (isMine)
            {
                turn.Gate.Release();
            }
        }
    }

    /// <summary>What is known already.</summary>
    public bool TryGet(TKey key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T result)
    {
        lock (_lock)
        {
            if (_kept.TryGetValue(key, out Kept? kept))
            {
                kept.LastAsked = ++_time;
                result = kept.Result;
                return true;
            }
        }

        result = default;
        return false;
    }

    /// <summary>Keeps a result, unless there is one. O(results) where others have to be given up for it.</summary>
    /// <returns>The one that is kept.</returns>
    public T Add(TKey key, T result)
    {
        lock (_lock)
        {
            if (TryGet(key, out T? known))
            {
                return known;
            }

            _kept.Add(key, new Kept(result) { LastAsked = ++_time });
            _size += size(result);
            while (_size > budget && _kept.Count > 1)
            {
                (TKey oldest, Kept given) = _kept.MinBy(k => k.Value.LastAsked);
                _kept.Remove(oldest);
                _size -= size(given.Result);
            }

            return result;
        }
    }

    private sealed class Kept(T result)
    {
        public T Result { get; } = result;

        public long LastAsked { get; set; }
    }

    /// <summary>Who asks for what isn't known yet, one after the other.</summary>
    private sealed class Turn
    {
        public SemaphoreSlim Gate { get; } = new(1);

        public int Waiting { get; set; }
    }
}
