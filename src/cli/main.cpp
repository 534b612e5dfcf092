#include <platefall/app.h>

int main(int argc, char** argv)
{
    return platefall::run(argc, argv);
}
