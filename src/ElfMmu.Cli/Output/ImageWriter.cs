using ElfMmu.Images;

namespace ElfMmu.Cli.Output;

/// <summary>Writes the images that were found in spaces.</summary>
internal abstract class ImageWriter
{
    /// <summary>Makes the writer for a format.</summary>
    /// <param name="format">The format.</param>
    /// <param name="output">Where to.</param>
    /// <param name="several">Whether images of several dumps will come.</param>
    public static ImageWriter Create(OutputFormat format, Utf8Output output, bool several) => format switch
    {
        OutputFormat.Csv => new CsvImageWriter(output),
        OutputFormat.Json => new JsonImageWriter(output, several),
        _ => new TableImageWriter(output),
    };

    /// <summary>Writes the images of one space.</summary>
    /// <param name="path">The dump as the user named it.</param>
    /// <param name="root">The root of the space.</param>
    /// <param name="images">The images.</param>
    public abstract void Write(string path, ulong root, IReadOnlyList<MappedImage> images);

    /// <summary>Ends the whole output.</summary>
    public virtual void End()
    {
    }
}
