/* A first program for a Cortex-M3: it greets, counts and ends. */
struct counter {
    unsigned int count;
    unsigned short step;
    char name[6];
};

struct counter ticks = { 0, 2, "ticks" };
unsigned int totals[4];

static void put(char c)
{
    *(volatile unsigned int *)0x4000c000 = c; /* UART0 of the LM3S6965 */
}

int main(void)
{
    for (const char *text = "Hello from Cortex-M3\n"; *text != 0; text++) {
        put(*text);
    }

    for (int i = 0; i < 4; i++) {
        ticks.count += ticks.step;
        totals[i] = ticks.count;
    }

    return 0;
}
