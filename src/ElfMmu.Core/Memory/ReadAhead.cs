namespace ElfMmu.Memory;

/// <summary>
/// Unpacks ahead of who reads on and on: each such reader has a few windows that other threads fill while it works on what it got. Safe to
/// use from several threads.
/// </summary>
/// <param name="length">The length of what is unpacked.</param>
/// <param name="read">Unpacks a stretch.</param>
internal sealed class ReadAhead(ulong length, ReadAhead.Reader read) : IDisposable
{
    private const int WindowSize = 1 << 20;
    private const int MostReaders = 4;
    private const int MostWindows = 8;

    private static readonly int Windows = Math.Clamp(Environment.ProcessorCount, 2, MostWindows);

    private readonly LinkedList<Track> _tracks = new();
    private int _running;
    private bool _isClosed;

    /// <summary>Unpacks a stretch.</summary>
    /// <returns>False when something of it is damaged.</returns>
    public delegate bool Reader(ulong offset, Span<byte> destination, bool inParallel);

    /// <summary>The most bytes that all windows have together.</summary>
    public const long MostBytes = (long)WindowSize * MostReaders * (MostWindows + 1);

    /// <summary>Reads a stretch, out of windows as far as they have it.</summary>
    /// <returns>False when something of it is damaged.</returns>
    public bool TryRead(ulong offset, Span<byte> destination)
    {
        Track track = Find(offset, destination.Length, out bool isFollowing);
        while (!destination.IsEmpty && track.Take(offset, out Window? window))
        {
            if (!Finish(window!))
            {
                break;
            }

            int within = (int)(offset - window!.Start);
            int part = Math.Min(window.Size - within, destination.Length);
            window.Bytes.AsSpan(within, part).CopyTo(destination);
            offset += (ulong)part;
            destination = destination[part..];
        }

        if (isFollowing)
        {
            Schedule(track, offset + (ulong)destination.Length);
        }

        return destination.IsEmpty || read(offset, destination, inParallel: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_tracks)
        {
            _isClosed = true;
            while (_running > 0)
            {
                Monitor.Wait(_tracks);
            }

            _tracks.Clear();
        }
    }

    /// <summary>The reader that a read continues, or a new one instead of who was away longest.</summary>
    private Track Find(ulong offset, int size, out bool isFollowing)
    {
        lock (_tracks)
        {
            LinkedListNode<Track>? node = _tracks.First;
            while (node != null && node.Value.Next != offset)
            {
                node = node.Next;
            }

            isFollowing = node != null;
            if (node == null)
            {
                if (_tracks.Count == MostReaders)
                {
                    _tracks.RemoveLast();
                }

                node = new LinkedListNode<Track>(new Track());
            }
            else
            {
                _tracks.Remove(node);
            }

            node.Value.Next = offset + (ulong)size;
            _tracks.AddFirst(node);
            return node.Value;
        }
    }

    /// <summary>Has windows filled behind an offset, as many as there may be.</summary>
    private void Schedule(Track track, ulong from)
    {
        while (track.Add(from, length, Windows, WindowSize) is { } window)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Ahead.Fill(state.Window), (Ahead: this, Window: window), preferLocal: false);
        }
    }

    private void Fill(Window window)
    {
        if (!window.TryClaim())
        {
            return;
        }

        lock (_tracks)
        {
            if (_isClosed)
            {
                window.Finish(isSound: false);
                return;
            }

            _running++;
        }

        bool isSound = false;
        try
        {
            // In here, for there may be no memory left.
            window.Allocate();
            isSound = read(window.Start, window.Bytes.AsSpan(0, window.Size), inParallel: false);
        }
        catch (Exception)
        {
            // Nobody is there to be told on this thread, where an exception ends the process. Who wants the stretch reads it again.
        }
        finally
        {
            window.Finish(isSound);
            lock (_tracks)
            {
                _running--;
                Monitor.PulseAll(_tracks);
            }
        }
    }

    /// <summary>Waits for a window; one that nobody has begun is filled here, so that no reader waits for a busy thread pool.</summary>
    private bool Finish(Window window)
    {
        Fill(window);
        return window.Wait();
    }

    /// <summary>A reader that goes on where it ended.</summary>
    private sealed class Track
    {
        private readonly LinkedList<Window> _windows = new();

        /// <summary>Where it will go on.</summary>
        public ulong Next { get; set; }

        /// <summary>The window that holds an offset; those before it are dropped.</summary>
        public bool Take(ulong offset, out Window? window)
        {
            lock (_windows)
            {
                while (_windows.First is { } first && first.Value.Start + (ulong)first.Value.Size <= offset)
                {
                    _windows.RemoveFirst();
                }

                window = _windows.First?.Value;
                return window != null && window.Start <= offset;
            }
        }

        /// <summary>One more window behind the last one, or from an offset on; null when there are enough.</summary>
        public Window? Add(ulong from, ulong length, int most, int size)
        {
            lock (_windows)
            {
                ulong start = _windows.Last is { } last ? Math.Max(from, last.Value.Start + (ulong)last.Value.Size) : from;
                if (_windows.Count >= most || start >= length)
                {
                    return null;
                }

                var window = new Window(start, (int)Math.Min((ulong)size, length - start));
                _windows.AddLast(window);
                return window;
            }
        }
    }

    private sealed class Window(ulong start, int size)
    {
        private int _isClaimed;
        private bool _isDone;
        private bool _isSound;

        public ulong Start { get; } = start;

        public int Size { get; } = size;

        /// <summary>Its bytes, once somebody fills it.</summary>
        public byte[] Bytes { get; private set; } = [];

        public bool TryClaim() => Interlocked.Exchange(ref _isClaimed, 1) == 0;

        /// <summary>Makes room for its bytes; by who claimed it.</summary>
        public void Allocate() => Bytes = GC.AllocateUninitializedArray<byte>(Size);

        public void Finish(bool isSound)
        {
            lock (this)
            {
                (_isDone, _isSound) = (true, isSound);
                Monitor.PulseAll(this);
            }
        }

        public bool Wait()
        {
            lock (this)
            {
                while (!_isDone)
                {
                    Monitor.Wait(this);
                }

                return _isSound;
            }
        }
    }
}
